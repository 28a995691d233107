import Diagnostics

/// The events before a batch, and then those of the batch too.
struct BatchRepeats {
    private let before: RepeatWindow
    private(set) var window: RepeatWindow

    /// Begins after the events that a window has seen.
    init(after before: RepeatWindow = RepeatWindow()) {
        self.before = before
        window = before
    }

    /// Takes the next event in, and says whether it repeats another one.
    mutating func isRepeat(_ event: borrowing DecodedEvent, payload: RawSpan?, offset: Int64) -> Bool {
        window.isRepeat(event, payload: payload, offset: offset)
    }

    /// Starts the same batch over.
    mutating func reset() { window = before }
}
