package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Effects of one step on the session loop, in order for each session; the order among sessions is free. */
final class WorldEffects {
    private record Effect(long session, String what) {}

    private static final Comparator<Effect> BY_SESSION = Comparator.comparingLong(Effect::session);

    private final List<Effect> effects = new ArrayList<>();

    void add(long session, String what) {
        effects.add(new Effect(session, what));
    }

    boolean isEmpty() {
        return effects.isEmpty();
    }

    void clear() {
        effects.clear();
    }

    /** Fails where {@code actual} differs. */
    void check(WorldEffects actual) {
        if (effects.isEmpty() && actual.effects.isEmpty()) {
            return;
        }
        effects.sort(BY_SESSION);
        actual.effects.sort(BY_SESSION);
        if (!effects.equals(actual.effects)) {
            throw new WorldFailure(
                    firstDifference(actual), "by section 5 follows: " + this + "\n      but what came is: " + actual);
        }
    }

    private long firstDifference(WorldEffects actual) {
        for (int i = 0; i < Math.min(effects.size(), actual.effects.size()); i++) {
            if (!effects.get(i).equals(actual.effects.get(i))) {
                return effects.get(i).session();
            }
        }
        List<Effect> longer = effects.size() > actual.effects.size() ? effects : actual.effects;
        return longer.get(longer.size() - 1).session();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Effect effect : effects) {
            text.append(text.length() == 0 ? "" : ", ");
            text.append(effect.session()).append(' ').append(effect.what());
        }
        return "[" + text + "]";
    }
}
