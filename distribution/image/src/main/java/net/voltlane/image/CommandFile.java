package net.voltlane.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The command {@code voltlane} of the image: {@code CommandFile FILE JAVA ARGUMENTS}. The image has no shell to run the
 * launcher, so this writes a program for Linux on x86_64 that does one thing: it becomes {@code JAVA}, with
 * {@code ARGUMENTS} in front of its own arguments. The process stays the same, so signals reach the JVM.
 *
 * <p>At the start of a process, the stack holds the number of its arguments, the arguments, 0, the environment, 0. The
 * program puts {@code JAVA} where the number is, and {@code ARGUMENTS} where its own name is. What the stack holds then
 * are the arguments for Java. The variable {@code VOLTLANE_JAVA_OPTS}, which the launcher reads, becomes
 * {@code JDK_JAVA_OPTIONS}, which Java itself reads.
 *
 * <pre>
 * 0    header of ELF, 64 bytes
 * 64   what to load: the whole file, 56 bytes
 * 120  the stack holds no code, 56 bytes
 * 176  the code
 * 288  OURS and THEIRS, the old name of the variable and the new one
 * 324  JAVA, 0, ARGUMENTS, 0
 * </pre>
 */
public final class CommandFile {
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SEGMENTS = 2;
    private static final int CODE = HEADER + SEGMENTS * SEGMENT;
    private static final int CODE_BYTES = 112;
    private static final String OURS = "VOLTLANE_JAVA_OPTS=";
    private static final String THEIRS = "JDK_JAVA_OPTIONS=";
    private static final int NAMES = CODE + CODE_BYTES;
    private static final int TEXTS = NAMES + OURS.length() + THEIRS.length();
    private static final long ADDRESS = 0x400000;
    private static final long PAGE = 0x1000;
    private static final int READ_EXECUTE = 5;
    private static final int READ_WRITE = 6;

    private CommandFile() {}

    /**
     * Writes the program, and makes it executable.
     *
     * @param args the file to write, the path of {@code java}, and its first argument
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("expected: FILE JAVA ARGUMENTS");
        }
        Path file = Path.of(args[0]);
        Files.write(file, program(args[1], args[2]));
        if (!file.toFile().setExecutable(true, false)) {
            throw new IOException(file + ": cannot be made executable");
        }
    }

    static byte[] program(String java, String arguments) {
        byte[] javaBytes = (java + '\0').getBytes(UTF_8);
        byte[] argumentsBytes = (arguments + '\0').getBytes(UTF_8);
        int size = TEXTS + javaBytes.length + argumentsBytes.length;
        ByteBuffer program = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        header(program);
        segment(program, 1, READ_EXECUTE, ADDRESS, size, PAGE);
        segment(program, 0x6474e551, READ_WRITE, 0, 0, 16);
        code(program, TEXTS + javaBytes.length);
        program.put((OURS + THEIRS).getBytes(UTF_8));
        program.put(javaBytes).put(argumentsBytes);
        return program.array();
    }

    private static void header(ByteBuffer program) {
        // The magic number; 64 bits, little endian, version 1, System V.
        program.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        // A program, for x86_64, version 1.
        program.putShort((short) 2).putShort((short) 62).putInt(1);
        // Where the code begins in memory, and the segments in the file; no sections, no flags.
        program.putLong(ADDRESS + CODE).putLong(HEADER).putLong(0).putInt(0);
        program.putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) SEGMENTS);
        program.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    }

    /** A segment from the start of the file. */
    private static void segment(ByteBuffer program, int type, int flags, long address, long size, long alignment) {
        program.putInt(type).putInt(flags).putLong(0).putLong(address).putLong(address);
        program.putLong(size).putLong(size).putLong(alignment);
    }

    private static void code(ByteBuffer program, int argumentsAt) {
        program.put(bytes(0x48, 0x8b, 0x0c, 0x24)); // mov rcx, [rsp]: the number of arguments
        program.put(bytes(0x48, 0x8d, 0x54, 0xcc, 0x10)); // lea rdx, [rsp + 8 * rcx + 16]: the environment
        program.put(bytes(0x49, 0x89, 0xd0)); // mov r8, rdx
        rename(program);
        program.put(bytes(0x48, 0x8d, 0x3d)); // lea rdi, [JAVA]
        distance(program, TEXTS);
        program.put(bytes(0x48, 0x89, 0x3c, 0x24)); // mov [rsp], rdi
        program.put(bytes(0x48, 0x8d, 0x05)); // lea rax, [ARGUMENTS]
        distance(program, argumentsAt);
        program.put(bytes(0x48, 0x89, 0x44, 0x24, 0x08)); // mov [rsp + 8], rax
        program.put(bytes(0x48, 0x89, 0xe6)); // mov rsi, rsp: the arguments
        program.put(bytes(0x6a, 59, 0x58)); // push 59; pop rax: execve
        program.put(bytes(0x0f, 0x05)); // syscall, which returns only if it fails
        program.put(bytes(0x6a, 127, 0x5f)); // push 127; pop rdi: the status of shells for "not found"
        program.put(bytes(0x6a, 60, 0x58)); // push 60; pop rax: exit
        program.put(bytes(0x0f, 0x05)); // syscall
        program.put(new byte[NAMES - program.position()]);
    }

    /**
     * Goes through the environment at r8, and renames a variable. Its new name is shorter, so it is written over the end of
     * the old one, and the entry of the environment then points there.
     */
    private static void rename(ByteBuffer program) {
        int loop = program.position();
        program.put(bytes(0x49, 0x8b, 0x00)); // loop: mov rax, [r8]
        program.put(bytes(0x48, 0x85, 0xc0)); // test rax, rax
        program.put(bytes(0x74, 42)); // jz behind the loop: the last
        program.put(bytes(0x48, 0x8d, 0x35)); // lea rsi, [OURS]
        distance(program, NAMES);
        program.put(bytes(0x48, 0x89, 0xc7)); // mov rdi, rax
        program.put(bytes(0x6a, OURS.length(), 0x59)); // push; pop rcx
        program.put(bytes(0xf3, 0xa6)); // repe cmpsb: rdi is behind the name if it is this one
        program.put(bytes(0x75, 19)); // jne next
        program.put(bytes(0x48, 0x8d, 0x7f, -THEIRS.length())); // lea rdi, [rdi - length of THEIRS]
        program.put(bytes(0x49, 0x89, 0x38)); // mov [r8], rdi
        program.put(bytes(0x48, 0x8d, 0x35)); // lea rsi, [THEIRS]
        distance(program, NAMES + OURS.length());
        program.put(bytes(0x6a, THEIRS.length(), 0x59)); // push; pop rcx
        program.put(bytes(0xf3, 0xa4)); // rep movsb
        program.put(bytes(0x49, 0x83, 0xc0, 0x08)); // next: add r8, 8
        program.put(bytes(0xeb, loop - program.position() - 2)); // jmp loop
    }

    /** A place of the file, as its distance from the next instruction. */
    private static void distance(ByteBuffer program, int place) {
        program.putInt(place - program.position() - Integer.BYTES);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
