"""Text for matching: normalisation, tokens, language. Never for output."""
