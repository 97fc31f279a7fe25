using Portal.Model.Endpoints;

namespace Portal.Model.Validation;

/// <summary>The shape of a host: name and port, a path with WebSockets only, the suffix of the kind's service.</summary>
internal static class HostRules
{
    public static Finding? Check(DataflowEndpoint endpoint, EndpointKind kind)
    {
        var host = endpoint.Settings?.Host;
        var path = "spec." + endpoint.Settings!.Member + ".host";
        var example = kind.HostExample;
        if (string.IsNullOrWhiteSpace(host))
            return endpoint.Settings is MqttSettings && host is null && kind == EndpointKind.LocalMqtt
                ? null
                : Finding.Error("host-missing", path, "The host is missing.", $"Write host and port, for example {example}.");
        return CheckText(host, path, example, kind) ?? CheckService(endpoint, host, path, kind);
    }

    private static Finding? CheckText(string host, string path, string example, EndpointKind kind)
    {
        if (host.Contains('<', StringComparison.Ordinal) || host.Contains("${", StringComparison.Ordinal))
            return Finding.Error("placeholder", path, $"The host still holds the placeholder '{host}'.", $"Write host and port, for example {example}.");
        if (host.StartsWith("Endpoint=", StringComparison.OrdinalIgnoreCase) || host.Contains("SharedAccessKey", StringComparison.OrdinalIgnoreCase))
            return Finding.Error("host-connection-string", path, "This is a connection string, not a host.", $"Write only host and port, for example {example}. The connection string is the password of SASL Plain, with the user name $ConnectionString.");
        if (host.Contains("://", StringComparison.Ordinal))
            return Finding.Error("host-scheme", path, $"The host holds a scheme ('{host[..host.IndexOf("://", StringComparison.Ordinal)]}://').", $"Write only host and port, for example {WithoutScheme(host, kind)}.");
        if (host.Any(char.IsWhiteSpace))
            return Finding.Error("host-blank", path, "The host holds a blank.", $"Write host and port without blanks, for example {example}.");
        if (host.Contains(',', StringComparison.Ordinal))
            return Finding.Error("host-list", path, "The host holds several addresses.", "Write one bootstrap address; the client learns the other brokers from it.");
        if (HostAddress.TryParse(host, out _))
            return null;
        var bare = host.Split('/')[0];
        if (!bare.Contains(':', StringComparison.Ordinal))
        {
            var lastDot = bare.LastIndexOf('.');
            return lastDot > 0 && bare[(lastDot + 1)..].All(char.IsAsciiDigit) && !System.Net.IPAddress.TryParse(bare, out _)
                ? Finding.Error("host-port-dot", path, $"'{host}' has a dot before the port.", $"Write {bare[..lastDot]}:{bare[(lastDot + 1)..]}.")
                : Finding.Error("host-port-missing", path, "The port is missing.", $"Write host and port, for example {bare}:{kind.UsualPort ?? DefaultPort(kind)}.");
        }
        return bare.Count(c => c == ':') > 1 && !bare.StartsWith('[')
            ? Finding.Error("host-ipv6", path, "An IPv6 address must stand in brackets.", "Write for example [fd00::1]:8883.")
            : Finding.Error("host-malformed", path, $"'{host}' is not a host with a port from 1 to 65535.", $"Write for example {example}.");
    }

    private static Finding? CheckService(DataflowEndpoint endpoint, string host, string path, EndpointKind kind)
    {
        HostAddress.TryParse(host, out var address);
        var webSockets = endpoint.Mqtt?.Protocol is MqttProtocol.WebSockets;
        if (address!.Path.Length > 0 && !webSockets)
            return Finding.Error("host-path", path, $"The host holds the path '{address.Path}', which only WebSockets uses.", $"Write {address.Authority}, or set Protocol to WebSockets.");
        if (kind.HostSuffixes.Length > 0 && !kind.HasSuffix(address.Host))
            return Finding.Error("host-suffix", path, $"'{address.Host}' is not a host of {kind.DisplayName}.", $"Write for example {kind.HostExample}, or create a custom endpoint for another broker.");
        if (kind == EndpointKind.EventHubs && address.Port != 9093)
            return Finding.Error("event-hubs-port", path, $"Event Hubs speaks Kafka on port 9093, not {address.Port}.", $"Write {address.Host}:9093.");
        if (kind == EndpointKind.EventGrid)
            return CheckEventGrid(address, path, webSockets);
        return null;
    }

    private static Finding? CheckEventGrid(HostAddress address, string path, bool webSockets)
    {
        if (webSockets && address.Path != "/mqtt")
            return Finding.Error("event-grid-path", path, "Event Grid takes WebSockets on the path /mqtt only.", $"Write {address.Host}:443/mqtt.");
        var port = webSockets ? 443 : 8883;
        return address.Port == port
            ? Finding.Warning("event-grid-one-instance", path, "As a source, Event Grid has no shared subscriptions: a dataflow that reads from it does not start with several instances.", "Run such a dataflow in a profile with instanceCount 1.") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt }
            : Finding.Error("event-grid-port", path, $"Event Grid takes {(webSockets ? "WebSockets" : "MQTT")} on port {port}, not {address.Port}.", $"Write {address.Host}:{port}{address.Path}.");
    }

    private static int DefaultPort(EndpointKind kind) => kind.Wire is Wire.Kafka ? 9092 : kind == EndpointKind.LocalMqtt ? 18883 : 8883;

    private static string WithoutScheme(string host, EndpointKind kind)
    {
        var rest = host[(host.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
        return HostAddress.TryParse(rest, out _) ? rest : kind.HostExample;
    }
}
