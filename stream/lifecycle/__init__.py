"""The life of a story: versions, corrections, kills, embargoes, takes."""
