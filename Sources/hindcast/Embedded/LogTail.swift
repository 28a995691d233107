/// The end of a log file, for an error's sentence.
enum LogTail {
    static func of(_ path: String, lines: Int = 4) -> String {
        guard case .success(let bytes) = FileBytes.read(path) else { return "it wrote nothing." }
        let last = String(decoding: bytes.suffix(4096), as: UTF8.self).split(separator: "\n").suffix(lines)
        return last.isEmpty ? "it wrote nothing." : "it wrote \"\(last.joined(separator: " / "))\"."
    }
}
