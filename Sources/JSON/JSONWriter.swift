/// Writes documents into bytes: puts commas and colons, escapes strings, and refuses to write what would be no JSON.
///
/// Calls that no document can have (a key in an array, an end without a beginning) are mistakes of the program and stop it.
public struct JSONWriter: Sendable {
    /// How the text is laid out.
    public enum Layout: Sendable {
        /// No white space.
        case compact
        /// One member or element a line, two spaces a level, a space behind colons: for people.
        case pretty
    }

    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    private let layout: Layout
    private var open: [Container] = []
    private var isComplete = false

    private struct Container {
        let isObject: Bool
        var count = 0
        var hasKey = false
    }

    /// Makes a writer that has written nothing.
    public init(layout: Layout = .compact) { self.layout = layout }

    /// Forgets what was written, and keeps the memory.
    public mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        isComplete = false
    }

    /// Ends the line behind a complete document, so that another may follow: newline-delimited JSON.
    public mutating func newline() {
        precondition(isComplete, "A line is ended before the document on it is complete")
        bytes.append(UInt8(ascii: "\n"))
        isComplete = false
    }

    // MARK: - Structure

    /// Begins an object.
    public mutating func beginObject() { begin(isObject: true) }

    /// Ends the object that was begun last.
    public mutating func endObject() { end(isObject: true) }

    /// Begins an array.
    public mutating func beginArray() { begin(isObject: false) }

    /// Ends the array that was begun last.
    public mutating func endArray() { end(isObject: false) }

    /// Writes a member's key; its value has to follow. Duplicate keys are the caller's affair.
    public mutating func key(_ key: String) {
        guard let last = open.indices.last, open[last].isObject, !open[last].hasKey else {
            preconditionFailure("A key is written where no member can be")
        }
        separate(in: last)
        open[last].hasKey = true
        bytes.appendQuoted(key.rawBytes)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
    }

    private mutating func begin(isObject: Bool) {
        beforeValue()
        bytes.append(UInt8(ascii: isObject ? "{" : "["))
        open.append(Container(isObject: isObject))
        isComplete = false
    }

    private mutating func end(isObject: Bool) {
        guard let container = open.popLast(), container.isObject == isObject, !container.hasKey else {
            preconditionFailure("An end is written that does not fit what was begun")
        }
        if container.count > 0 { breakLine() }
        bytes.append(UInt8(ascii: isObject ? "}" : "]"))
        isComplete = open.isEmpty
    }

    /// Everything that has to stand before a value. The caller appends the value's bytes.
    mutating func beforeValue() {
        guard let last = open.indices.last else {
            precondition(!isComplete, "A second value is written behind a complete document")
            isComplete = true
            return
        }
        if open[last].isObject {
            precondition(open[last].hasKey, "A value is written in an object without its key")
            open[last].hasKey = false
        } else {
            separate(in: last)
        }
    }

    private mutating func separate(in container: Int) {
        if open[container].count > 0 { bytes.append(UInt8(ascii: ",")) }
        open[container].count += 1
        breakLine()
    }

    private mutating func breakLine() {
        guard layout == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * open.count))
    }

    /// Appends the bytes of a value whose place `beforeValue` has prepared.
    mutating func append(_ text: RawSpan) { bytes.append(copying: text) }

    mutating func appendQuoted(_ text: RawSpan) { bytes.appendQuoted(text) }
}
