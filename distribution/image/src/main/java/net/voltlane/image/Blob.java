package net.voltlane.image;

import com.google.gson.JsonObject;

/**
 * Content that is named by its hash.
 *
 * @param digest {@code sha256:} and 64 hex digits
 * @param size in bytes
 */
record Blob(String digest, long size) {

    /** The place in a layout, relative to its root. */
    String path() {
        return "blobs/" + digest.replace(':', '/');
    }

    /** The reference by which an index or a manifest points to this content. */
    JsonObject descriptor(String mediaType) {
        JsonObject descriptor = new JsonObject();
        descriptor.addProperty("mediaType", mediaType);
        descriptor.addProperty("digest", digest);
        descriptor.addProperty("size", size);
        return descriptor;
    }
}
