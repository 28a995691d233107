import ArgumentParser
import Diagnostics
import Hashing
import JSON
import Replay

/// A part of the whole: `50%`.
struct ShareArgument: ExpressibleByArgument {
    /// Above 0 to 1.
    let share: Double

    init?(argument: String) {
        guard let percent = Percentage.parse(argument), percent > 0, percent <= 100 else { return nil }
        share = percent / 100
    }
}

/// How many new errors are accepted: `25`, or `0.5%` of the events that were judged.
struct BudgetArgument: ExpressibleByArgument {
    let budget: ErrorBudget

    init?(argument: String) {
        if let percent = Percentage.parse(argument), percent <= 100 {
            budget = .percent(percent)
        } else if let count = Int64(argument), count >= 0 {
            budget = .count(count)
        } else {
            return nil
        }
    }
}

private enum Percentage {
    /// A decimal number of at least 0 with a percent sign: no exponent, no infinity.
    static func parse(_ text: String) -> Double? {
        guard text.last == "%", text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else { return nil }
        return Double(text.dropLast())
    }
}

/// The digest of a diff, as `replay diff` prints it.
struct DigestArgument: ExpressibleByArgument {
    let digest: SHA256Digest

    init?(argument: String) {
        guard let digest = SHA256Digest(hex: argument) else { return nil }
        self.digest = digest
    }
}

/// A moment, in RFC 3339, or the day that begins then: `2026-11-01T08:00:00Z`, `2026-11-01`.
struct TimeArgument: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        let text = argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument
        guard let time = Timestamp(rfc3339: text.rawBytes) else { return nil }
        self.time = time
    }
}

/// The template that is tried: a file, or a published version.
struct TriedTemplateArgument: ExpressibleByArgument {
    private let text: String

    init?(argument: String) {
        if argument.isEmpty { return nil }
        text = argument
    }

    /// Reads the file, where there is one of this name.
    func resolve() throws(OperatorError) -> ReplayRequest.Template {
        switch FileBytes.read(text) {
        case .success(let bytes): return .document(bytes)
        case .failure(let failure) where !failure.isAbsent:
            throw OperatorError(.usage, "Cannot read the template \(text): \(failure.reason).")
        case .failure:
            if let name = TemplateName(argument: text), let version = name.version, !version.isEmpty {
                return .version(templateID: name.templateID, reference: version)
            }
            throw OperatorError(.usage, "There is no file \(text), and it names no version of a template either: expected FILE or ID@VERSION.")
        }
    }

    /// What it was called, to say which one cannot be tried.
    var name: String { text }
}
