/// Properties and their acknowledgements.
enum PropertyRules {
    static let propertyNotWritable = RuleEntry(
        rule: .propertyNotWritable, family: .property, severity: .error,
        meaning: "Somebody wants to set a property that the template defines as read-only.",
        action: "Make the property writable in the template, or do not set it.",
        example: #"{"serial":"x"} as a desired property"#,
        source: #"desired properties of every format; DTDL, "Property", writable"#)
    static let ackMalformed = RuleEntry(
        rule: .ackMalformed, family: .property, severity: .error,
        meaning: #"""
            The acknowledgement of a writable property is not an object of value, ac and av with an optional ad, or one of them has the wrong \#
            type.
            """#,
        action: #"Report `{"value":…,"ac":200,"av":<$version>,"ad":"…"}`."#,
        example: #"{"target":{"value":21,"ac":"200","av":1}}"#,
        source: #"reported properties of every format; IoT Plug and Play conventions, "Writable properties". A bare value is no fault"#)
}
