/// `exports.*`: how gaps are looked for.
struct ExportsArea: Sendable {
    let grace: Duration
    let retentionDays: Int

    init(_ reader: SettingsReader) throws(OperatorError) {
        grace = .seconds(try reader.value(.exportsGrace)?.wholeNumber() ?? 120)
        retentionDays = try reader.value(.exportsRetention)?.wholeNumber() ?? 7
    }
}
