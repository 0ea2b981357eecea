import Testing

/// One after the other: they share the machine with a dozen processes of theirs.
@Suite(.serialized) struct RealWorldTests {}
