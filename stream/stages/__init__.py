"""The two stages on Kafka: batches in, awaited sends out. No Faust in here; `stream.agents` drives them."""
