/** Programs that use both SDKs, with the real server between them. Start at {@code BothSdksTest}. */
@NullMarked
package net.voltlane.systemtest.sdk;

import org.jspecify.annotations.NullMarked;
