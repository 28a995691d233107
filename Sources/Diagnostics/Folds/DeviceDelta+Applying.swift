import JSON

extension DeviceDelta {
    /// Takes one event of the device in. `size` is the payload's length in bytes.
    mutating func apply(_ event: borrowing DecodedEvent, offset: Int64, size: Int, isRepeated: Bool) {
        let time = event.eventTime
        firstSeen = min(firstSeen, time)
        lastSeen = max(lastSeen, time)
        messages += 1
        bytes += Int64(size)
        repeated += isRepeated ? 1 : 0
        expired += event.isExpired ? 1 : 0
        if !event.templateRef.isEmpty, !event.isTemplateOfModule { noteTemplate(event, offset) }
        if !event.identityGeneration.isEmpty, event.module.isEmpty { lives.note(event.bytes(event.identityGeneration), time: time, offset: offset) }
        switch event.kind {
        case .telemetry:
            telemetry += 1
            firstTelemetry = firstTelemetry.map { min($0, time) } ?? time
            lastTelemetry = lastTelemetry.map { max($0, time) } ?? time
        case .propertyReported, .propertyDesired, .propertyCloud:
            lastProperty = lastProperty.map { max($0, time) } ?? time
        case .twin where !event.sections.isEmpty:
            lastProperty = lastProperty.map { max($0, time) } ?? time
        default:
            // The life and the connection of an edge module are not the device's.
            if event.module.isEmpty { noteRegistration(event, offset) }
        }
        // Whichever module speaks, the flags are the device's; but for the registration of the module itself.
        if !event.deviceFlags.isEmpty, event.module.isEmpty || event.kind != .registered { noteFlags(event.deviceFlags, time, offset) }
    }

    // MARK: -

    private mutating func noteRegistration(_ event: borrowing DecodedEvent, _ offset: Int64) {
        let time = event.eventTime
        switch event.kind {
        case .connected: note(.connected, event, offset)
        case .disconnected: note(.disconnected, event, offset)
        case .registered: LastWriter.merge(&presence, LastWriter(value: .registered, time: time, offset: offset))
        case .deleted: LastWriter.merge(&presence, LastWriter(value: .deleted, time: time, offset: offset))
        case .provisioned: LastWriter.merge(&provisioned, LastWriter(value: true, time: time, offset: offset))
        case .enabled:
            LastWriter.merge(&access, LastWriter(value: .enabled, time: time, offset: offset))
            // The same act approves a device that waits for approval.
            LastWriter.merge(&approved, LastWriter(value: true, time: time, offset: offset))
        case .disabled: LastWriter.merge(&access, LastWriter(value: .disabled, time: time, offset: offset))
        case .templateAssigned: LastWriter.merge(&templateAssigned, LastWriter(value: true, time: time, offset: offset))
        case .telemetry, .propertyReported, .propertyDesired, .propertyCloud, .twin, .renamed, .templateLifecycle, .audit, .errorReport, .exportState,
            .deliveryReceipt, .tombstone, .unsupported, .undecodable:
            break
        }
    }

    /// What the event itself says at the same place counts before its flags.
    private mutating func noteFlags(_ flags: DeviceFlags, _ time: Timestamp, _ offset: Int64) {
        if let value = flags.approved { LastWriter.merge(&approved, LastWriter(value: value, time: time, offset: offset)) }
        if let isBlocked = flags.blocked {
            LastWriter.merge(&access, LastWriter(value: isBlocked ? .disabled : .enabled, time: time, offset: offset))
        }
        if let value = flags.provisioned { LastWriter.merge(&provisioned, LastWriter(value: value, time: time, offset: offset)) }
        if let value = flags.simulated { LastWriter.merge(&simulated, LastWriter(value: value, time: time, offset: offset)) }
    }

    private mutating func note(_ word: Connection, _ event: borrowing DecodedEvent, _ offset: Int64) {
        if let sequence = HubSequence(event.bytes(event.sequence)) {
            NumberedConnection.merge(&hubConnection, NumberedConnection(value: word, sequence: sequence, time: event.eventTime, offset: offset))
        } else {
            LastWriter.merge(&connection, LastWriter(value: word, time: event.eventTime, offset: offset))
        }
    }

    /// Most messages name the template that the one before named; a string is made only for a change.
    private mutating func noteTemplate(_ event: borrowing DecodedEvent, _ offset: Int64) {
        let time = event.eventTime
        if let kept = template, (kept.time, kept.offset) >= (time, offset) { return }
        if let kept = template, event.bytes(event.templateRef).equals(kept.value) {
            template = LastWriter(value: kept.value, time: time, offset: offset)
        } else {
            template = LastWriter(value: event.string(event.templateRef), time: time, offset: offset)
        }
    }
}
