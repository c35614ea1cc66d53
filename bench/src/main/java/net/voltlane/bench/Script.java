package net.voltlane.bench;

/** The course of a scenario. */
interface Script {

    /** Plays it and leaves what it found with the stage. */
    void play(Stage stage) throws BenchException, InterruptedException;
}
