/// What IoT Central writes and accepts although the specification does not: the errors that are warnings in its profile.
enum IoTCentralProfile {
    static let accepted: Set<String> = [
        // Identifiers are free: urn: everywhere, and none at all on some Interfaces.
        "invalidId", "idTooLong", "idTooLongForType", "missingRequiredId", "missingTopLevelId", "duplicateDefinition", "crossPartitionReference",
        // Terms of its own, with or without its context, on elements without a co-type that is unknown: durable, initialValue.
        "noTypeThatAllows", "inferredTypeDoesNotAllow", "unresolvableContextSpecifier", "unresolvableContextVersion", "nonDtmiContextSpecifier",
        // Units and semantic types are not held against each other.
        "notRequiredType", "notRequiredValue", "wrongParent", "conflictingSupplementalTypes", "missingSupplementalObjectProperty",
        "incorrectPropertyValue",
        // The same name in two Interfaces, nesting, arrays in properties, many contents.
        "nonUniqueImportedPropertyValue", "nonUniquePropertyValue", "excessiveDepthWide", "excludedType", "objectCountAboveMax",
        "langStringValueTooLong",
        "stringTooLong", "stringInvalid", "missingObjectProperty", "keywordDisallowed", "topLevelKeywordDisallowed",
        // Targets of relationships are Interfaces or lists.
        "identifierNotString", "identifierMultipleValues", "identifierNotDtmi", "identifierInvalid",
    ]
}
