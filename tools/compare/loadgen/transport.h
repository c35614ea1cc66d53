/* What lies between a client's frames and its socket: nothing, TLS, WebSocket, or WebSocket inside TLS. */

/* ---- bytes */
#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
static SSL_CTX *tls;
static void tls_die(const char *what) { fprintf(stderr, "%s: ", what); ERR_print_errors_fp(stderr); exit(1); }
static void tls_begin(void) {
    static const uint8_t alpn[] = {8, 'v', 'o', 'l', 't', 'l', 'a', 'n', 'e'}, http[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    tls = SSL_CTX_new(TLS_client_method());
    if (!tls || !SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) || !SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256") || !SSL_CTX_set1_groups_list(tls, "X25519")) tls_die("tls");
    SSL_CTX_set_alpn_protos(tls, cfg.ws ? http : alpn, 9);
    SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, 0);
    SSL_CTX_set_read_ahead(tls, 1);                       /* one read of the socket for all records that it has */
    SSL_CTX_set_default_read_buffer_len(tls, 1 << 16);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
}
static ssize_t tls_result(Client *c, int r) {
    int why = SSL_get_error(c->tls, r);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) { errno = EAGAIN; return -1; }
    if (why == SSL_ERROR_ZERO_RETURN || (why == SSL_ERROR_SYSCALL && !errno)) return 0;
    if (why == SSL_ERROR_SSL) tls_die("tls");
    return -1;
}
static ssize_t tls_put(Client *c, const void *b, size_t n) {
    size_t all = 0;
    while (all < n) {                                     /* a record at a time */
        ERR_clear_error();
        int w = SSL_write(c->tls, (const uint8_t *)b + all, (int)(n - all));
        if (w <= 0) return all ? (ssize_t)all : tls_result(c, w);
        all += (size_t)w;
    }
    return (ssize_t)all;
}
static ssize_t tls_get(Client *c, uint8_t *b, size_t n) {
    size_t all = 0;
    do {
        ERR_clear_error();
        int r = SSL_read(c->tls, b + all, (int)(n - all));
        if (r <= 0) return all ? (ssize_t)all : tls_result(c, r);
        all += (size_t)r;
    } while (all < n && SSL_has_pending(c->tls));
    return (ssize_t)all;
}
/* 1: the handshake is done; 0: it waits for the server */
static int tls_step(Client *c) {
    if (!c->tls) {
        c->tls = SSL_new(tls);
        SSL_set_fd(c->tls, c->fd);
        SSL_set_connect_state(c->tls);
        if (c->ticket) { SSL_set_session(c->tls, c->ticket); SSL_SESSION_free(c->ticket); c->ticket = 0; }
    }
    ERR_clear_error();
    int r = SSL_do_handshake(c->tls);
    if (r == 1) return 1;
    if (tls_result(c, r) == 0) { fprintf(stderr, "tls handshake %u: closed\n", c->idx); exit(1); }
    if (errno != EAGAIN) die("tls handshake");
    return 0;
}
static int tls_reused(Client *c) { return SSL_session_reused(c->tls); }
static void tls_end(Client *c) {
    if (cfg.resume) c->ticket = SSL_get1_session(c->tls);
    SSL_shutdown(c->tls);
    SSL_free(c->tls);
    c->tls = 0;
}
#else
static void tls_begin(void) { fprintf(stderr, "--tls: built without TLS (expected: OpenSSL's headers, then make clean all)\n"); exit(2); }
static ssize_t tls_put(Client *c, const void *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
static ssize_t tls_get(Client *c, uint8_t *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
static int tls_step(Client *c) { (void)c; return 0; }
static int tls_reused(Client *c) { (void)c; return 0; }
static void tls_end(Client *c) { (void)c; }
#endif
static inline ssize_t put(Client *c, const void *b, size_t n) { return cfg.tls ? tls_put(c, b, n) : write(c->fd, b, n); }
static inline ssize_t get(Client *c, uint8_t *b, size_t n) { return cfg.tls ? tls_get(c, b, n) : read(c->fd, b, n); }

/* ---- frames */
#define HEAD_MAX 14
static const uint8_t mask_key[8] = {0x37, 0xFA, 0x21, 0x3D, 0x37, 0xFA, 0x21, 0x3D};
/* Writes the head of a frame; returns where its payload goes, which mask() has to finish. */
static inline uint8_t *put_head(uint8_t *p, uint32_t len) {
    if (!cfg.ws) { memcpy(p, &len, 4); return p + 4; }
    *p++ = 0x82;
    if (len < 126) *p++ = (uint8_t)(0x80 | len);
    else if (len < 65536) { *p++ = 0x80 | 126; *p++ = (uint8_t)(len >> 8); *p++ = (uint8_t)len; }
    else { *p++ = 0x80 | 127; memset(p, 0, 4); p += 4; for (int i = 24; i >= 0; i -= 8) *p++ = (uint8_t)(len >> i); }
    memcpy(p, mask_key, 4);
    return p + 4;
}
static inline void mask(uint8_t *p, uint32_t len) {
    if (!cfg.ws) return;
    uint64_t k, v;
    memcpy(&k, mask_key, 8);
    uint32_t i = 0;
    for (; i + 8 <= len; i += 8) { memcpy(&v, p + i, 8); v ^= k; memcpy(p + i, &v, 8); }
    for (; i < len; i++) p[i] ^= mask_key[i & 3];
}
/* Takes bytes of a frame's head; 1 when it is whole, then c->need is the length of the payload. */
static inline int get_head(Client *c, const uint8_t **p, const uint8_t *e) {
    uint32_t want = 4;
    for (;;) {
        if (cfg.ws) want = c->hpos < 2 || c->h[1] < 126 ? 2 : c->h[1] == 126 ? 4 : 10;
        if (c->hpos >= want) break;
        if (*p == e) return 0;
        c->h[c->hpos++] = *(*p)++;
    }
    c->hpos = 0;
    if (!cfg.ws) { memcpy(&c->need, c->h, 4); return 1; }
    if (c->h[0] != 0x82 || c->h[1] > 127) { fprintf(stderr, "client %u: WebSocket frame %02x %02x\n", c->idx, c->h[0], c->h[1]); exit(1); }
    c->need = 0;
    if (want == 2) c->need = c->h[1];
    else for (uint32_t i = 2; i < want; i++) c->need = c->need << 8 | c->h[i];
    return 1;
}
