/* Connections that go through all steps up to their session by themselves: connect, TLS, WebSocket, handshake. */
enum { CONNECTING, SECURING, UPGRADING, GREETING, OPEN };
static uint64_t reused;

/* The version and the key (or Open) as two frames; a message, where there is no handshake and a first answer is wanted. */
static void greet(Client *c) {
    const uint8_t *say = cfg.v3 ? open3 : hello;
    size_t all = cfg.v3 ? sizeof open3 : sizeof hello;
    c->state = GREETING;
    if (!cfg.hs) { if (cfg.churn) send_msgs(c, 1, now_ns()); else c->state = OPEN; return; }
    if (!cfg.ws) { push(c, say, all); return; }
    uint8_t b[128], *p = b;
    for (size_t at = 0; at < all;) {
        uint32_t len = say[at];                           /* all are short */
        if (at + 4 + len > all) break;
        p = put_head(p, len);
        memcpy(p, say + at + 4, len);
        mask(p, len);
        p += len; at += 4 + len;
    }
    push(c, b, (size_t)(p - b));
}
static void upgraded(Client *c) {
    ssize_t r = get(c, rx, sizeof rx);
    if (r < 0 && errno == EAGAIN) return;
    if (r < 16 || memcmp(rx, "HTTP/1.1 101", 12) || memcmp(rx + r - 4, "\r\n\r\n", 4)) { fprintf(stderr, "upgrade %u: %.*s\n", c->idx, (int)(r > 0 ? r : 0), rx); exit(1); }
    greet(c);
}
static void greeted(Client *c) {
    if (!cfg.hs) { if (readable(c)) c->state = OPEN; return; }
    ssize_t r = get(c, rx, sizeof rx);
    if (r == 0 || (r < 0 && errno != EAGAIN)) { fprintf(stderr, "handshake %u: closed\n", c->idx); exit(1); }
    const uint8_t *p = rx, *e = rx + (r > 0 ? r : 0);
    while (p < e) {
        if (!c->need) {
            if (!get_head(c, &p, e)) break;
            c->len = c->need;
            if (!c->need || c->need > 100) { fprintf(stderr, "handshake %u: odd frame\n", c->idx); exit(1); }
            continue;
        }
        if (cfg.v3 && c->need == c->len && *p != 0x11) { fprintf(stderr, "handshake %u: frame of type %02x\n", c->idx, *p); exit(1); }
        p++;
        if (!--c->need && ++c->ppos == (cfg.v3 ? 1 : 2)) { c->state = OPEN; c->ppos = 0; }
    }
}
/* Takes the next steps at an event of the socket. */
static void step(Client *c) {
    static const char upgrade[] = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    switch (c->state) {
    case CONNECTING: connected(c); c->state = SECURING; /* fall through */
    case SECURING:
        if (cfg.tls && !tls_step(c)) return;
        if (cfg.tls) reused += (uint64_t)tls_reused(c);
        if (!cfg.ws) { greet(c); return; }
        push(c, (const uint8_t *)upgrade, sizeof upgrade - 1);
        c->state = UPGRADING;
        return;
    case UPGRADING: upgraded(c); return;
    default: greeted(c);
    }
}
/* Opens all connections, at most 64 under way. */
static void open_all(void) {
    static struct epoll_event evs[256];
    struct sockaddr_in to = addr4(cfg.host, cfg.port);
    cl = calloc((size_t)cfg.clients, sizeof *cl);
    for (int next = 0, ok = 0; ok < cfg.clients;) {
        while (next < cfg.clients && next - ok < 64) { Client *c = &cl[next]; c->idx = (uint32_t)next++; dial(c, &to); }
        int n = epoll_wait(ep, evs, 256, 10000);
        if (!n) { fprintf(stderr, "open: no progress at %d\n", ok); exit(1); }
        for (int i = 0; i < n; i++) {
            Client *c = evs[i].data.ptr;
            if (c->state == OPEN) {
                if (readable(c)) { fprintf(stderr, "client %u: a message that it did not ask for\n", c->idx); exit(1); }
                continue;                                 /* the server's tickets */
            }
            step(c);
            if (c->state == OPEN) ok++;
        }
    }
}
/* Opens connections and closes each at its first answer, --clients at a time, and tells how many a second. */
static int churn(void) {
    static struct epoll_event evs[256];
    struct sockaddr_in to = addr4(cfg.host, cfg.port);
    cl = calloc((size_t)cfg.clients, sizeof *cl);
    uint64_t start = now_ns(), t_meas = start + (uint64_t)(cfg.warm * 1e9), t_stop = t_meas + (uint64_t)(cfg.dur * 1e9), opened = 0, m0 = start, t;
    for (int i = 0; i < cfg.clients; i++) { cl[i].idx = (uint32_t)i; dial(&cl[i], &to); }
    while ((t = now_ns()) < t_stop) {
        if (!measuring && t >= t_meas) { measuring = 1; m0 = t; opened = reused = 0; snap(0); }
        int n = epoll_wait(ep, evs, 256, 10);
        for (int i = 0; i < n; i++) {
            Client *c = evs[i].data.ptr, fresh = {.idx = c->idx};
            step(c);
            if (c->state != OPEN) continue;
            opened++;
            if (cfg.tls) tls_end(c);
            fresh.ticket = c->ticket;
            close(c->fd);
            *c = fresh;
            c->idx += (uint32_t)cfg.clients;              /* the next source address, too */
            dial(c, &to);
        }
    }
    snap(1);
    double secs = (double)(t - m0) / 1e9;
    printf("%s clients=%d opened=%llu rate=%.0f/s resumed=%.3f", cfg.label, cfg.clients, (unsigned long long)opened, (double)opened / secs, opened ? (double)reused / (double)opened : 0);
    print_watched((double)opened, secs);
    return 0;
}
