# Python 2, for Jython: runs the Autobahn test suite out of its jar.
# fuzz.py client|server JAR SPEC; the client ends when all cases have run, the server when its standard input ends.
import json
import sys
import threading

mode, tree, spec_file = sys.argv[1:4]
sys.path.insert(0, tree)

from twisted.internet import reactor
from autobahntestsuite import fuzzing

with open(spec_file) as f:
    spec = json.load(f)


def stop_with_parent():
    sys.stdin.read()
    reactor.callFromThread(reactor.stop)


if mode == "client":
    fuzzing.FuzzingClientFactory(spec)
else:
    factory = fuzzing.FuzzingServerFactory(spec)
    reactor.listenTCP(factory.port, factory, interface="127.0.0.1")
    reactor.callWhenRunning(sys.stdout.write, "listening\n")
    watch = threading.Thread(target=stop_with_parent)
    watch.setDaemon(True)
    watch.start()
reactor.run()
