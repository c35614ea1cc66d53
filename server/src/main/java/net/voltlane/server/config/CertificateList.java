package net.voltlane.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * Certificates with their keys: a table for each in a file, {@code [[tls.certificates]]}, or a text
 * {@code certificate:key}; in a variable such texts separated by commas, or {@code []} for none.
 */
record CertificateList() implements ValueType<List<CertificateFiles>> {
    private static final String NONE = "[]";
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";

    @Override
    public @Nullable List<CertificateFiles> ofText(String text) {
        return text.replace(" ", "").equals(NONE)
                ? List.of()
                : all(Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }

    @Override
    public @Nullable List<CertificateFiles> ofToml(Object value) {
        return value instanceof TomlArray list ? all(list.toList()) : null;
    }

    private static @Nullable List<CertificateFiles> all(List<?> entries) {
        List<CertificateFiles> all = new ArrayList<>();
        for (Object entry : entries) {
            CertificateFiles files = entry instanceof TomlTable table ? ofTable(table) : ofEntry(entry);
            if (files == null) {
                return null;
            }
            all.add(files);
        }
        return List.copyOf(all);
    }

    private static @Nullable CertificateFiles ofTable(TomlTable table) {
        Map<String, Object> map = table.toMap();
        return map.size() == 2
                        && map.get(CERTIFICATE) instanceof String certificate
                        && map.get(KEY) instanceof String key
                ? files(certificate, key)
                : null;
    }

    private static @Nullable CertificateFiles ofEntry(Object entry) {
        if (!(entry instanceof String text)) {
            return null;
        }
        int colon = text.indexOf(':');
        return colon < 0 ? null : files(text.substring(0, colon), text.substring(colon + 1));
    }

    private static @Nullable CertificateFiles files(String certificate, String key) {
        return isPath(certificate) && isPath(key) ? new CertificateFiles(certificate, key) : null;
    }

    private static boolean isPath(String text) {
        try {
            return !text.isBlank() && !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public List<CertificateFiles> from(Path folder, List<CertificateFiles> value) {
        return value.stream().map(files -> files.from(folder)).toList();
    }

    @Override
    public Object plain(List<CertificateFiles> value) {
        return value.stream().map(CertificateFiles::toString).toList();
    }

    @Override
    public String expected() {
        return "tables [[tls.certificates]] with certificate and key, or a list such as [\"chat.pem:chat.key\"]; in a"
                + " variable with commas between, or [] for none";
    }
}
