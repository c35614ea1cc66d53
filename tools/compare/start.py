#!/usr/bin/env python3
"""Measures how fast servers start, and how much memory an empty one holds.

  start.py [--rounds 15] [--ready TEXT] [--rest 3] NAME='COMMAND' [NAME='COMMAND' ...]

In a COMMAND, {listen}, {master} and {admin} stand for ports on 127.0.0.1; it runs in an empty folder of its own, with a backend that
listens. Servers take turns, so that drift of the machine hits all alike: read the differences to the first name.

ready   milliseconds from the start of the command to the line with TEXT on its standard error; cpu is the processor time until then
rss     resident memory in MiB, REST seconds later; anon is the part that no file backs
heap    live objects on the heap in KiB, after that (jcmd collects the garbage first); classes are those loaded by then
"""
import argparse, os, re, shutil, signal, statistics, subprocess, sys, tempfile, time
from compare import EB, port, up

def jcmd(pid, *words):
    return subprocess.run(["jcmd", str(pid), *words], capture_output=True, text=True, timeout=60).stdout

def memory(pid, key):
    return [int(l.split()[1]) for l in open("/proc/%d/status" % pid) if l.startswith(key + ":")][0] / 1024

def once(command, ready, rest):
    listen, master, admin = port(), port(), port(); folder = tempfile.mkdtemp(); procs = []
    try:
        procs.append(subprocess.Popen([EB, "--port", str(master), "--frames"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)); up(master, procs[0])
        for word, number in (("{listen}", listen), ("{master}", master), ("{admin}", admin)): command = command.replace(word, str(number))
        begun = time.perf_counter()
        server = subprocess.Popen(["sh", "-c", "exec " + command], cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True); procs.append(server)
        said = []
        for line in server.stderr:
            said.append(line)
            if ready in line: break
        else: raise RuntimeError("ended before it was ready: " + "".join(said)[-200:])
        took = (time.perf_counter() - begun) * 1e3; used = open("/proc/%d/stat" % server.pid).read().rsplit(")", 1)[1].split()[11:13]
        time.sleep(rest)
        got = {"ready": took, "cpu": sum(map(int, used)) * 1e3 / os.sysconf("SC_CLK_TCK"), "rss": memory(server.pid, "VmRSS"), "anon": memory(server.pid, "RssAnon"), "threads": int(memory(server.pid, "Threads") * 1024 + 0.5)}
        heap = re.search(r"(?m)^Total\s+\d+\s+(\d+)", jcmd(server.pid, "GC.class_histogram"))
        classes = re.search(r"java\.cls\.loadedClasses=(\d+)", jcmd(server.pid, "PerfCounter.print")); shared = re.search(r"java\.cls\.sharedLoadedClasses=(\d+)", jcmd(server.pid, "PerfCounter.print"))
        if heap: got["heap"] = int(heap.group(1)) / 1024
        if classes: got["classes"] = int(classes.group(1)) + (int(shared.group(1)) if shared else 0)
        return got
    finally:
        for p in reversed(procs):
            try: os.killpg(p.pid, signal.SIGKILL)
            except OSError: pass
            p.wait()
        shutil.rmtree(folder, ignore_errors=True)

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rounds", type=int, default=15); ap.add_argument("--ready", default="clients are accepted"); ap.add_argument("--rest", type=float, default=3); ap.add_argument("servers", nargs="+")
    g = ap.parse_args(); servers = [s.split("=", 1) for s in g.servers]; got = {n: [] for n, _ in servers}
    if not os.access(EB, os.X_OK): sys.exit("first: make -C " + os.path.dirname(EB))
    for n, c in servers: once(c, g.ready, 0)   # what a first start makes or reads is there afterwards
    for _ in range(g.rounds):
        for n, c in servers: got[n].append(once(c, g.ready, g.rest))
    first = None
    for n, _ in servers:
        med = {k: statistics.median(r[k] for r in got[n]) for k in got[n][0]}; first = first or med
        print("%-14s " % n + " ".join("%s=%.4g" % kv for kv in med.items()) + "  ready x%.3f (n=%d, %.4g..%.4g)" % (
            med["ready"] / first["ready"], len(got[n]), min(r["ready"] for r in got[n]), max(r["ready"] for r in got[n])), flush=True)

if __name__ == "__main__": main()
