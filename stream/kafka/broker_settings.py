"""The server properties of an embedded broker, each with its reason."""

from __future__ import annotations


def server_properties(
    *, node_id: int, bootstrap: str, controller: str, broker_only: bool, rebalance_delay_ms: int
) -> dict[str, str]:
    """Kafka's `server.properties` for one node on loopback; paths are relative to the working directory."""
    listeners = f"CLIENT://{bootstrap}"
    return {
        "node.id": str(node_id),
        "process.roles": "broker" if broker_only else "broker,controller",
        "controller.quorum.voters": f"1@{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": listeners if broker_only else f"{listeners},CONTROLLER://{controller}",
        "advertised.listeners": listeners,
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": "data",
        "auto.create.topics.enable": "false",
        # One node cannot replicate; of these topics it needs few partitions, each costs time at the start.
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        # Waiting for more members at a group's first join makes sense in a cluster, not in a demo.
        "group.initial.rebalance.delay.ms": str(rebalance_delay_ms),
        # After a crash the controller keeps the old registration for so long before it takes the new one:
        # with the usual 9 s a restart takes 11 s.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        # Sized for two cores and a heap of 512 MB; the cleaner alone would take 128 MB of it.
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": str(16 << 20),
    }
