package net.voltlane.bench;

/** How a scenario goes. */
interface Script {

    /** Plays it and leaves what it found with the stage. */
    void play(Stage stage) throws BenchException, InterruptedException;
}
