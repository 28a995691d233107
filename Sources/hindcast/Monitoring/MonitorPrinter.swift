import ArgumentParser
import JSON

/// How a monitor prints.
enum MonitorFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, yaml
}

/// Prints items as they come, up to a count.
struct MonitorPrinter {
    let format: MonitorFormat
    let palette: Palette
    /// How many at most; nil for any number.
    let limit: Int?
    private(set) var shown = 0

    init(_ format: MonitorFormat, limit: Int?) {
        self.format = format
        self.limit = limit
        palette = Palette(isOn: Output.isColoured)
    }

    /// Whether as many as were asked for have been shown.
    var isDone: Bool { limit.map { shown >= $0 } ?? false }

    /// Prints an item and says whether more is wanted.
    mutating func show(_ item: some MonitorItem) throws -> Bool {
        guard !isDone else { return false }
        switch format {
        case .text: Output.line(item.line(palette))
        case .json: Output.line(item.tree.onOneLine)
        case .yaml: Output.write(try YAMLText.document(item.tree))
        }
        shown += 1
        return !isDone
    }
}
