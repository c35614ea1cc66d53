package net.voltlane.store.file;

/** Threads of the store. */
final class Threads {
    private Threads() {}

    /** A thread that does not keep the process alive: what it leaves undone, a kill would leave undone as well. */
    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
