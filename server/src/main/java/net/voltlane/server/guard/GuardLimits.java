package net.voltlane.server.guard;

/**
 * Every limit on strangers. Immutable: they are changed all at once, by {@link Guard#limits(GuardLimits)}.
 *
 * @param connections how many may connect
 * @param rates what one link may send
 * @param resumes what comes of wrong proofs
 * @param allow the only addresses that may connect; empty: all may
 * @param deny addresses that may not connect, allowed or not
 */
public record GuardLimits(
        ConnectionLimits connections, RateLimits rates, ResumeLimits resumes, CidrSet allow, CidrSet deny) {
    public static final GuardLimits OFF =
            new GuardLimits(ConnectionLimits.OFF, RateLimits.OFF, ResumeLimits.OFF, CidrSet.EMPTY, CidrSet.EMPTY);

    /** This, with other limits of connections. */
    public GuardLimits withConnections(ConnectionLimits connections) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** This, with other limits of what a link may send. */
    public GuardLimits withRates(RateLimits rates) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** This, with other limits of wrong proofs. */
    public GuardLimits withResumes(ResumeLimits resumes) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** This, with other addresses that alone may connect; empty: all may. */
    public GuardLimits withAllow(CidrSet allow) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** This, with other addresses that may not connect. */
    public GuardLimits withDeny(CidrSet deny) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** True where something is counted or remembered for each address. */
    boolean watchAddresses() {
        return connections.perIp() > 0 || connections.perSecPerIp() > 0 || !resumes.isOff();
    }
}
