import CRdKafka

extension Consumer {
    /// Joins the group for these topics; a name that begins with `^` is a regular expression. Replaces an earlier subscription.
    package func subscribe(_ names: [String]) throws(KafkaError) {
        try checkUsable()
        let list = PartitionList(partitions: names.map { TopicPartition(topic: $0, partition: -1) })
        try KafkaError.check(unsafe rd_kafka_subscribe(client.handle, list.pointer), "Cannot subscribe to \(names.joined(separator: ", "))")
    }

    /// Leaves the group; the partitions are taken through a rebalance event as usual.
    package func unsubscribe() throws(KafkaError) {
        try checkUsable()
        try KafkaError.check(unsafe rd_kafka_unsubscribe(client.handle), "Cannot unsubscribe")
    }

    /// Reads exactly these partitions, from these positions, without a group's say. Replaces what was read before.
    package func assign(_ starts: [TopicPartition: StartPosition]) throws(KafkaError) {
        try checkUsable()
        let list = PartitionList(starts: starts)
        try KafkaError.check(unsafe rd_kafka_assign(client.handle, list.pointer), "Cannot assign \(starts.count) partitions")
        fetching = starts
        note(starts)
    }

    /// Answers a rebalance that `poll` returned.
    ///
    /// For `.assigned`, `starts` says where to read each partition from; a partition that it leaves out, for example because its owner was fenced, stays this
    /// member's in the group but is not read. While held, nothing is read. For `.revoked` and `.lost`, `starts` is not looked at.
    package func complete(_ rebalance: Rebalance, startingAt starts: [TopicPartition: StartPosition] = [:]) throws(KafkaError) {
        try checkUsable()
        guard unanswered == rebalance else {
            throw KafkaError(.wrongState, "Cannot answer a rebalance that is not the one poll returned last")
        }
        unanswered = nil
        switch rebalance.kind {
        case .assigned:
            let given = Set(rebalance.partitions)
            let chosen = isHeld ? [:] : starts.filter { given.contains($0.key) }
            if rebalance.isCooperative { try incrementalAssign(chosen) } else { try assign(chosen) }
        case .revoked, .lost:
            try giveUp(rebalance)
        }
    }

    /// Reads these partitions too, from these positions, beside the others; a member of an eager group reads the others on from where they stand.
    package func startFetching(_ starts: [TopicPartition: StartPosition]) throws(KafkaError) {
        try checkUsable()
        guard !starts.isEmpty else { return }
        if isEager { return try assign(current.merging(starts) { _, new in new }) }
        let known = starts.keys.filter { fetching[$0] != nil }
        if !known.isEmpty { try incrementalUnassign(known) }
        try incrementalAssign(starts)
    }

    /// Stops reading these partitions and drops what was prefetched of them, whoever owns them in the group. Partitions not being read are passed over.
    package func stopFetching(_ partitions: [TopicPartition]) throws(KafkaError) {
        try checkUsable()
        let known = partitions.filter { fetching[$0] != nil }
        guard !known.isEmpty else { return }
        if isEager { return try assign(current.filter { !known.contains($0.key) }) }
        try incrementalUnassign(known)
    }

    /// Whether the group takes everything from everyone at each rebalance; false without a group.
    private var isEager: Bool {
        guard let protocolName = unsafe rd_kafka_rebalance_protocol(client.handle) else { return false }
        return unsafe String(cString: protocolName) == "EAGER"
    }

    /// What is read, each from where it stands.
    private var current: [TopicPartition: StartPosition] {
        Dictionary(uniqueKeysWithValues: fetching.map { ($0.key, position(of: $0.key).map(StartPosition.offset) ?? $0.value) })
    }

    func giveUp(_ rebalance: Rebalance) throws(KafkaError) {
        unanswered = nil
        guard rebalance.isCooperative else {
            fetching = [:]
            return try KafkaError.check(unsafe rd_kafka_assign(client.handle, nil), "Cannot give partitions back")
        }
        // An assignment is given up by reading none of it.
        if rebalance.kind == .assigned { return try incrementalAssign([:]) }
        try incrementalUnassign(rebalance.partitions.filter { fetching[$0] != nil })
    }

    private func incrementalAssign(_ starts: [TopicPartition: StartPosition]) throws(KafkaError) {
        let list = PartitionList(starts: starts)
        if let error = unsafe KafkaError.consuming(rd_kafka_incremental_assign(client.handle, list.pointer), "Cannot add partitions") { throw error }
        fetching.merge(starts) { _, new in new }
        note(starts)
    }

    private func incrementalUnassign(_ partitions: [TopicPartition]) throws(KafkaError) {
        let list = PartitionList(partitions: partitions)
        if let error = unsafe KafkaError.consuming(rd_kafka_incremental_unassign(client.handle, list.pointer), "Cannot remove partitions") {
            throw error
        }
        for partition in partitions { fetching[partition] = nil }
    }

    /// Notes where reading begins, so that positions are right before the first record.
    func note(_ starts: [TopicPartition: StartPosition]) {
        for (partition, start) in starts {
            let offset: Int64 = if case .offset(let offset) = start { offset } else { -1 }
            positions.set(topics.index(of: partition.topic), partition.partition, to: offset)
        }
    }

    func checkUsable() throws(KafkaError) {
        guard client.isUsable else { throw KafkaError(.wrongState, "The consumer is closed") }
    }
}

extension ClientConfiguration {
    /// Makes rebalances wait for their answer: the callback only notes what happened and ends the poll that runs it.
    func installRebalancing() {
        unsafe rd_kafka_conf_set_rebalance_cb(pointer) { handle, code, list, _ in
            guard let context = unsafe ClientContext.of(handle) else { return }
            // Closing runs on another thread and nobody is there to answer: give everything up.
            if context.isClosing {
                unsafe _ = rd_kafka_assign(handle, nil)
                return
            }
            let kind: Rebalance.Kind =
                if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS { .assigned } else if unsafe rd_kafka_assignment_lost(handle) != 0 { .lost } else {
                    .revoked
                }
            let cooperative = unsafe rd_kafka_rebalance_protocol(handle).map { unsafe String(cString: $0) == "COOPERATIVE" } ?? false
            let partitions = unsafe PartitionList.partitions(of: list).sorted()
            context.events.append(.rebalance(Rebalance(kind: kind, partitions: partitions, isCooperative: cooperative)))
            unsafe rd_kafka_yield(handle)
        }
        unsafe rd_kafka_conf_set_offset_commit_cb(pointer) { handle, code, list, _ in
            guard let context = unsafe ClientContext.of(handle), !context.isClosing else { return }
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET else { return }
            let code = KafkaError.Code(code)
            let first = unsafe list.flatMap { unsafe PartitionList.partitions(of: $0).first }
            context.events.append(.error(KafkaError(code, "Cannot commit offsets: \(code.reason)", topicPartition: first)))
            unsafe rd_kafka_yield(handle)
        }
    }
}
