package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows its own session and no other, and keeps to the protocol in that it proves who it is. It may still
 * flood, not read, come over three links at once, or send a frame too large: all that at its own cost.
 */
final class Client implements HonestClient {
    final Keys keys;
    private final World world;
    private final int number;
    private final boolean greedy;
    private @Nullable SessionModel life;
    /** Models of the links whose handshake or session is not over. */
    private final List<LinkModel> links = new ArrayList<>();

    Client(World world, int number) {
        this.world = world;
        this.number = number;
        keys = Keys.ofClient(number);
        greedy = world.dice.oneIn(3);
    }

    /** The address of the client's next connection: its home most of the time. */
    String address() {
        if (FairRules.isAlone(world.rules, this)) {
            return FairRules.home(number);
        }
        return world.addressOf(number);
    }

    int number() {
        return number;
    }

    /** It was told its id. */
    void opened(SessionModel opened) {
        life = opened;
    }

    /** The session is over. */
    void forget(@Nullable SessionModel over) {
        if (life == over) {
            life = null;
        }
    }

    /** It knows this session, and may come back to it. */
    boolean has(SessionModel asked) {
        return life == asked;
    }

    @Override
    public void act(Dice dice) {
        links.removeIf(model -> model.link.isOver());
        LinkModel newest = links.isEmpty() ? null : links.get(links.size() - 1);
        if (newest == null || newest.link.isVanished() || newest.link.isShut()) {
            if (newest != null && newest.link.isShut() && dice.oneIn(2)) {
                newest.link.fin();
            }
            come();
        } else if (newest.isLive()) {
            live(newest, dice);
        } else {
            dice.oneOf(links).think();
        }
    }

    private void live(LinkModel model, Dice dice) {
        switch (dice.weighted(12, 2, 2, 2, 2, greedy ? 2 : 0, greedy ? 3 : 0)) {
            case 0 -> {
                if (model.mayWrite()) {
                    model.sendSome();
                }
            }
            case 1 -> come(); // a takeover of its own live session
            case 2 -> model.link.fin();
            case 3 -> model.link.reset();
            case 4 -> model.link.vanish(dice.below(60));
            case 5 -> {
                if (model.mayWrite()) {
                    model.sendTooLarge();
                }
            }
            default -> model.link.stall(dice.below(100));
        }
    }

    /** Comes back, or for a new session. */
    void come() {
        if (world.server.isListening() && links.size() < 4) {
            links.add(new LinkModel(world, this, life));
        }
    }

    @Override
    public void heal() {
        links.removeIf(model -> model.link.isOver());
        for (LinkModel model : List.copyOf(links)) {
            if (model.link.isShut()) {
                model.link.fin();
            }
            model.link.opens();
            model.think();
            model.link.move(Integer.MAX_VALUE);
        }
        LinkModel newest = links.isEmpty() ? null : links.get(links.size() - 1);
        if (life != null && (newest == null || newest.link.isOver() || newest.link.isVanished())) {
            come();
        }
    }

    @Override
    public String toString() {
        return "client " + number;
    }
}
