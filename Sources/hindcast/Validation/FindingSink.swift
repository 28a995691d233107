import Glibc

/// Where findings are printed to, one by one, in a format: nothing but a small buffer is kept, however many there are.
struct FindingSink: ~Copyable {
    private static let bufferSize = 64 << 10

    private let format: ValidationFormat
    private let palette: Palette
    private let path: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var sarif = SARIFReport()

    /// A sink to a file, or to standard output.
    ///
    /// - Throws: where the file cannot be written.
    init(format: ValidationFormat, path: String?) throws(OperatorError) {
        self.format = format
        self.path = path
        if let path {
            palette = Palette(isOn: false)
            descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                throw OperatorError(.usage, "Cannot write \(path): \(FileBytes.Failure(code: errno).reason).")
            }
        } else {
            palette = Palette(isOn: Output.isColoured)
            descriptor = -1
        }
        switch format {
        case .text, .json: break
        case .csv: buffer += Array(CSVLine.text(ReportedFinding.fields).utf8)
        case .sarif: buffer += Array(sarif.beginning.utf8)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Prints one finding.
    mutating func write(_ finding: ReportedFinding) throws(OperatorError) {
        switch format {
        case .text: buffer += Array((finding.text(palette) + "\n").utf8)
        case .json: buffer += Array((finding.tree.onOneLine + "\n").utf8)
        case .csv: buffer += Array(CSVLine.text(finding.cells).utf8)
        case .sarif: buffer += Array(sarif.result(finding).utf8)
        }
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Prints what ends the format. `failure` is why not everything was judged, if so.
    mutating func finish(failure: String?) throws(OperatorError) {
        if format == .sarif { buffer += Array(sarif.end(failure: failure).utf8) }
        try flush()
    }

    private mutating func flush() throws(OperatorError) {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard let path else { return Output.write(buffer) }
        guard FileBytes.write(buffer, to: descriptor) else {
            throw OperatorError(.usage, "Cannot write \(path): \(FileBytes.Failure(code: errno).reason).")
        }
    }
}
