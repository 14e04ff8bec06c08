"""`wirestream demo`: the main job on a real Kafka in a folder of its own, with stories that ship with it.

Everything is what an installation has: the broker, the topics, a worker process with a settings file,
producers, and a reader of committed events. Called by `stream.cli`.
"""

from stream.demo.run import run_demo

__all__ = ["run_demo"]
