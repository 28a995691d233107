/// The text form that Prometheus fetches, version 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func of(_ store: MetricStore) -> String {
        var text = ""
        var last = ""
        for (name, series) in store.all {
            let label = clean(name.label)
            if label != last {
                text += "# TYPE \(label) \(type(series.kind))\n"
                last = label
            }
            append(label, name.dimensions.map { (clean($0.name), $0.value) }, series, to: &text)
        }
        return text
    }

    private static func append(_ label: String, _ dimensions: [(String, String)], _ series: MetricSeries, to text: inout String) {
        let content = series.content
        guard series.kind == .histogram else {
            text += "\(label)\(braces(dimensions)) \(number(content.value))\n"
            return
        }
        for (bound, count) in zip(MetricSeries.bounds, content.buckets) {
            text += "\(label)_bucket\(braces(dimensions + [("le", number(bound))])) \(count)\n"
        }
        text += "\(label)_bucket\(braces(dimensions + [("le", "+Inf")])) \(content.count)\n"
        text += "\(label)_sum\(braces(dimensions)) \(number(content.value))\n"
        text += "\(label)_count\(braces(dimensions)) \(content.count)\n"
    }

    private static func type(_ kind: MetricSeries.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.description
    }

    /// Letters, digits and `_`; the first is no digit.
    private static func clean(_ name: String) -> String {
        let text = String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "_"
            })
        return text.first?.isNumber ?? true ? "_\(text)" : text
    }

    private static func braces(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { name, value in
            let escaped = value.unicodeScalars.map { scalar in
                switch scalar {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(scalar)
                }
            }.joined()
            return "\(name)=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }
}
