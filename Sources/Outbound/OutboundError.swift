/// Why bytes could not be brought to where they should go: one sentence with what, where and why, without secrets.
package struct OutboundError: Error, CustomStringConvertible {
    /// The sentence.
    package let message: String

    /// The sentence; safe to show.
    package var description: String { message }
}
