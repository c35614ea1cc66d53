/** Scripts with which shells complete commands, where picocli makes none. */
@NullMarked
package net.voltlane.cli.completion;

import org.jspecify.annotations.NullMarked;
