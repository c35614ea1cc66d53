#!/usr/bin/env python3
"""Fetches a page over HTTP by the clock, as a scraper of metrics does, until it is terminated; compare.py starts it.

  scrape.py URL [SECONDS between two fetches, 1]

It keeps one connection, accepts gzip, and asks for OpenMetrics as Prometheus does. At the end it prints fetches, bytes of the last body,
and milliseconds of the median and the slowest fetch. It fails at anything but status 200.
"""
import http.client, signal, statistics, sys, time, urllib.parse
HEADERS = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "Accept-Encoding": "gzip"}

def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    url = urllib.parse.urlsplit(sys.argv[1]); every = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    to = http.client.HTTPConnection(url.hostname, url.port, timeout=10); took, size = [], 0
    try:
        due = time.monotonic()
        while True:
            begun = time.monotonic()
            to.request("GET", url.path + ("?" + url.query if url.query else ""), headers=HEADERS)
            answer = to.getresponse(); body = answer.read()
            if answer.status != 200: raise RuntimeError("status %d: %s" % (answer.status, body[:200]))
            took.append(time.monotonic() - begun); size = len(body)
            due += every; time.sleep(max(0, due - time.monotonic()))
    finally:
        if took: print("fetches=%d bytes=%d p50=%.2f max=%.2f" % (len(took), size, statistics.median(took) * 1e3, max(took) * 1e3), flush=True)

if __name__ == "__main__": main()
