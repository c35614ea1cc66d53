package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Steps that Redis does as one, in Lua. Every script has one key, so that it works in a cluster, and answers with a string,
 * strings, or nothing.
 *
 * <p>A record is a string: its {@linkplain Head head}, 48 characters, then the sealed part. Numbers in it are decimal
 * with leading zeros. Lua's numbers hold 53 bits, as many as ids and epochs have.
 */
enum Script {
    /** Arguments: the record, its time in milliseconds. Answers with the head that stands, if that is not replaced. */
    PUT("""
            local head = redis.call('GETRANGE', KEYS[1], 0, 47)
            if #head == 48 then
              local stands, mine = tonumber(head:sub(1, 16)), tonumber(ARGV[1]:sub(1, 16))
              if stands > mine or (stands == mine and head:sub(17) ~= ARGV[1]:sub(17, 48)) then return head end
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return false
            """),

    /**
     * Arguments: the epoch that was seen, the new head, the time, the beginning of the channels of owners, the message to the
     * former owner. Answers with the former owner's name, or nothing if the record is not what was seen.
     */
    CLAIM("""
            local head = redis.call('GETRANGE', KEYS[1], 0, 47)
            if #head ~= 48 or tonumber(head:sub(1, 16)) ~= tonumber(ARGV[1]) then return false end
            redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            local former = head:sub(17)
            if former ~= ARGV[2]:sub(17) then redis.call('PUBLISH', ARGV[4] .. former, ARGV[5]) end
            return former
            """),

    /**
     * Arguments: the head as the server has it, the time. Answers with the head that stands, if that is another's, and with an
     * empty string if there is none.
     */
    KEEP("""
            local head = redis.call('GETRANGE', KEYS[1], 0, 47)
            if #head ~= 48 then return '' end
            if tonumber(head:sub(1, 16)) > tonumber(ARGV[1]:sub(1, 16)) or head:sub(17) ~= ARGV[1]:sub(17) then return head end
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return false
            """),

    /** Arguments: the head as the server has it. */
    FORGET("""
            local head = redis.call('GETRANGE', KEYS[1], 0, 47)
            if #head ~= 48 then return false end
            if tonumber(head:sub(1, 16)) > tonumber(ARGV[1]:sub(1, 16)) or head:sub(17) ~= ARGV[1]:sub(17) then return false end
            redis.call('DEL', KEYS[1])
            return false
            """),

    /** Writes something, as only that shows whether Redis takes writes. Arguments: the time. */
    PROBE("""
            redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
            return false
            """),

    /** Arguments: the identity, if there is none. Answers with the one that stands. */
    IDENTITY("""
            redis.call('SETNX', KEYS[1], ARGV[1])
            return redis.call('GET', KEYS[1])
            """),

    /** Members are a hash: owner, and behind it the end of its time by Redis's clock, then its entry. Arguments: owner, entry, time. */
    BEAT("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local last = now + ARGV[3]
            local all = redis.call('HGETALL', KEYS[1])
            for i = 1, #all, 2 do
              local over = tonumber(all[i + 1]:sub(1, 16))
              if over <= now then redis.call('HDEL', KEYS[1], all[i]) elseif over > last then last = over end
            end
            redis.call('HSET', KEYS[1], ARGV[1], string.format('%016.0f', now + ARGV[3]) .. ARGV[2])
            redis.call('PEXPIRE', KEYS[1], string.format('%.0f', last - now))
            return false
            """),

    /** Arguments: owner. */
    LEAVE("""
            redis.call('HDEL', KEYS[1], ARGV[1])
            return false
            """),

    /** Answers with owner and entry of each member in turn. */
    MEMBERS("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local all = redis.call('HGETALL', KEYS[1])
            local there = {}
            for i = 1, #all, 2 do
              if tonumber(all[i + 1]:sub(1, 16)) > now then
                there[#there + 1] = all[i]
                there[#there + 1] = all[i + 1]:sub(17)
              end
            end
            return there
            """),

    /** Arguments: what is handed over, the time, the channel, the message. */
    HAND_OVER("""
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            redis.call('PUBLISH', ARGV[3], ARGV[4])
            return false
            """),

    /**
     * Bans are a hash: place, and behind it the end by Redis's clock or 0, then a plus sign and the ban, or a minus sign where
     * it was ended. Arguments: place, ban with its sign, time or 0, channel, message, 1 to write only where nothing stands.
     * Answers with a string if it has written nothing.
     */
    BAN("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            if ARGV[6] == '1' then
              local stands = redis.call('HGET', KEYS[1], ARGV[1])
              if stands then
                local last = tonumber(stands:match('^' .. ('%d'):rep(16)))
                if last and (last == 0 or last > now) then return 'stands' end
              end
            end
            local over = 0
            if tonumber(ARGV[3]) > 0 then over = now + ARGV[3] end
            redis.call('HSET', KEYS[1], ARGV[1], string.format('%016.0f', over) .. ARGV[2])
            redis.call('PUBLISH', ARGV[4], ARGV[5])
            return false
            """),

    /** Arguments: place, time, channel, message. Of ends a bounded number is remembered. */
    END_BAN("""
            if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 or redis.call('HLEN', KEYS[1]) < 30000 then
              local time = redis.call('TIME')
              local over = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]
              redis.call('HSET', KEYS[1], ARGV[1], string.format('%016.0f', over) .. '-')
            end
            redis.call('PUBLISH', ARGV[3], ARGV[4])
            return false
            """),

    /**
     * Removes what is over, and what no server has written: nobody could share a ban as long as that stood. Answers with place,
     * time that is left (0: no end) and ban with its sign of each of the others.
     */
    BANS("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local all = redis.call('HGETALL', KEYS[1])
            local stand = {}
            for i = 1, #all, 2 do
              local over = tonumber(all[i + 1]:match('^' .. ('%d'):rep(16)))
              if not over or over > 0 and over <= now then
                redis.call('HDEL', KEYS[1], all[i])
              else
                stand[#stand + 1] = all[i]
                stand[#stand + 1] = over > 0 and string.format('%.0f', over - now) or '0'
                stand[#stand + 1] = all[i + 1]:sub(17)
              end
            end
            return stand
            """);

    private final byte[] text;
    private final byte[] digest;

    Script(String text) {
        this.text = text.getBytes(US_ASCII);
        this.digest = sha1(this.text);
    }

    /** The text. Nobody writes to it. */
    byte[] text() {
        return text;
    }

    /** The name by which Redis knows the script once it was loaded. Nobody writes to it. */
    byte[] digest() {
        return digest;
    }

    private static byte[] sha1(byte[] text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text))
                    .getBytes(US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
