"""Replay: a stretch of the stories topic once more through the stages, beside what is live.

A replay has a name, its bounds in offsets, a consumer group, a ledger and outputs of its own
(`wire.enriched.replay-NAME` …). `scope` says what is replayed, `register` keeps that on the cluster,
`order` puts the stories in the order in which the live run decided on them, `run` does the work, `compare`
and `promote` say and publish what came out otherwise.
"""
