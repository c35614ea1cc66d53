/**
 * The store {@code redis}: records of sessions in Redis 7 or Valkey, for one server or a fleet. {@link
 * net.voltlane.store.redis.RedisStoreProvider} opens it. Everything but the first step of each call runs on one thread:
 * start reading at {@link net.voltlane.store.redis.RedisRecordStore}, then at {@link net.voltlane.store.redis.Supervisor},
 * which knows whether Redis is there.
 */
@NullMarked
package net.voltlane.store.redis;

import org.jspecify.annotations.NullMarked;
