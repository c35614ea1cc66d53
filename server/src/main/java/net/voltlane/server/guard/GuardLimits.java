package net.voltlane.server.guard;

/**
 * All limits on clients that the {@link Guard} applies, and the rates of links. Immutable: they are replaced all at once,
 * by {@link Guard#limits(GuardLimits)}.
 *
 * @param connections limits on the number of connections
 * @param rates limits on what one link may send
 * @param resumes limits on wrong proofs
 * @param allow the only addresses that may connect; empty: all may
 * @param deny addresses that may not connect, even if they are in {@code allow}
 */
public record GuardLimits(
        ConnectionLimits connections, RateLimits rates, ResumeLimits resumes, CidrSet allow, CidrSet deny) {
    public static final GuardLimits OFF =
            new GuardLimits(ConnectionLimits.OFF, RateLimits.OFF, ResumeLimits.OFF, CidrSet.EMPTY, CidrSet.EMPTY);

    /** Returns these limits with others on connections. */
    public GuardLimits withConnections(ConnectionLimits connections) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** Returns these limits with others on what a link may send. */
    public GuardLimits withRates(RateLimits rates) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** Returns these limits with others on wrong proofs. */
    public GuardLimits withResumes(ResumeLimits resumes) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** Returns these limits with other addresses that alone may connect; empty: all may. */
    public GuardLimits withAllow(CidrSet allow) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** Returns these limits with other addresses that may not connect. */
    public GuardLimits withDeny(CidrSet deny) {
        return new GuardLimits(connections, rates, resumes, allow, deny);
    }

    /** True if anything is counted or remembered for each address. */
    boolean watchAddresses() {
        return connections.perIp() > 0 || connections.perSecPerIp() > 0 || !resumes.isOff();
    }
}
