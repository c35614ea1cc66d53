package net.voltlane.image;

/**
 * Permissions and owner of a file in the image. All belongs to root, and the server can change nothing of it, but for
 * two folders.
 *
 * @param mode permissions, such as 0755
 * @param owner number of the user, and of its group
 */
record Rights(int mode, int owner) {

    /** The user that the server runs as: the number that images without a shell usually take for "not root". */
    static final int SERVER = 65532;

    private static final int ROOT = 0;

    static Rights ofFolder(String name) {
        return switch (name) {
            case "tmp" -> new Rights(01777, ROOT);
            case "data" -> new Rights(0700, SERVER);
            default -> new Rights(0755, ROOT);
        };
    }

    static Rights ofFile(boolean isExecutable) {
        return new Rights(isExecutable ? 0755 : 0644, ROOT);
    }
}
