extension KafkaSettings {
    /// Settings for Azure Event Hubs' Kafka endpoint, which is also the built-in endpoint of an Azure IoT hub.
    ///
    /// TLS and SASL PLAIN with the literal user name `$ConnectionString`. Azure drops a TCP connection that is idle for 240 s without telling, hence the keep-alive
    /// and metadata refreshed every 180 s; its request timeout is 60 s and its sessions last 6 to 300 s. `EntityPath` is taken out of the connection string: the
    /// Kafka endpoint takes the event hub's name from the topic.
    ///
    /// - Parameters:
    ///   - namespace: the namespace's name or its full host name; port 9093 is added where none is given.
    ///   - connectionString: `Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…`. A secret.
    ///   - properties: further properties; they win over the preset's.
    package static func eventHubs(namespace: String, connectionString: String, properties: [String: String] = [:]) -> KafkaSettings {
        var host = namespace.contains(".") || namespace.contains(":") ? namespace : "\(namespace).servicebus.windows.net"
        if !host.contains(":") { host += ":9093" }
        let password = connectionString.split(separator: ";").filter { !$0.lowercased().hasPrefix("entitypath=") }.joined(separator: ";")
        let preset = [
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "PLAIN",
            "sasl.username": "$ConnectionString",
            "sasl.password": password,
            "socket.keepalive.enable": "true",
            "metadata.max.age.ms": "180000",
            "topic.metadata.refresh.interval.ms": "180000",
            "session.timeout.ms": "30000",
            "heartbeat.interval.ms": "3000",
            "max.poll.interval.ms": "300000",
            "request.timeout.ms": "60000",
        ]
        return KafkaSettings(bootstrapServers: host, properties: preset.merging(properties) { _, chosen in chosen })
    }
}
