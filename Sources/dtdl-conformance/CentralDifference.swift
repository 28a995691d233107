import JSON

/// Where a verdict differs from that of the Azure CLI, which is more lenient in places and stricter in others, on purpose.
struct CentralDifference {
    /// The schema, by its term.
    let schema: String
    /// The CLI's verdict.
    let theirs: Bool
    let reason: String

    static let all = [
        CentralDifference(schema: "date", theirs: true, reason: "The CLI takes any ISO 8601 date, such as 20200101; DTDL takes YYYY-MM-DD."),
        CentralDifference(
            schema: "dateTime", theirs: true, reason: "The CLI takes a dateTime without an offset; here it is a fault of its own kind."),
        CentralDifference(schema: "time", theirs: true, reason: "The CLI takes a time without an offset, or with fewer parts."),
        CentralDifference(schema: "duration", theirs: true, reason: "The CLI takes durations with a sign or in another form."),
        CentralDifference(
            schema: "geopoint", theirs: false, reason: "The CLI asks for lat and lon; DTDL requires no field, so what lacks them gets advice."),
        CentralDifference(schema: "vector", theirs: false, reason: "The CLI asks for x, y and z; DTDL requires no field."),
        CentralDifference(schema: "integer", theirs: true, reason: "The CLI takes booleans for numbers."),
        CentralDifference(schema: "long", theirs: true, reason: "The CLI takes booleans and fractions for long."),
        CentralDifference(schema: "double", theirs: true, reason: "The CLI takes booleans for numbers."),
        CentralDifference(schema: "float", theirs: true, reason: "The CLI takes booleans for numbers."),
    ]

    /// Why a case of the CLI is judged otherwise here; nil where no reason is known, and for cases of others.
    static func reason(for json: JSONTree, theirs: Bool) -> String? {
        guard json["profile"] != nil, let schema = json["schema"]?.stringValue else { return nil }
        return all.first { $0.schema == schema && $0.theirs == theirs }?.reason
    }
}
