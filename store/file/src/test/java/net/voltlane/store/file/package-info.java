/** Tests of the store in a file. {@code TestStore} is a store with a wall clock that is moved by hand. */
@NullMarked
package net.voltlane.store.file;

import org.jspecify.annotations.NullMarked;
