"""A chat model from a GGUF file behind an OpenAI-compatible address on loopback: `python -m evals.model_server FILE`.

To try and to measure models without a key and without a network. The runtime is `xllamacpp`, a part for tests and measurements that the
product never needs. It answers at http://127.0.0.1:PORT/v1 until it is told to stop.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def serving(file: Path, *, port: int = 0, context: int = 8192, threads: int = 2, slots: int = 1) -> Iterator[str]:
    """The base URL of a server that runs in this process; `context` are the tokens of each of its `slots`."""
    import xllamacpp

    params: Any = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel = context * slots, slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.warmup = False
    server: Any = xllamacpp.Server(params)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--slots", type=int, default=6, help="each keeps the beginning of its last prompt: as many as there are judgements")
    given = parser.parse_args()
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with serving(given.file, port=given.port, context=given.context, threads=given.threads, slots=given.slots) as url:
        print(f"OPENAI_BASE_URL={url}", flush=True)
        stop.wait()
    sys.exit(0)


if __name__ == "__main__":
    main()
