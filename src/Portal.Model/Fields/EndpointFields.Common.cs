using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

public static partial class EndpointFields
{
    internal const string EndpointSection = "Endpoint";
    internal const string AuthenticationSection = "Authentication";
    internal const string TlsSection = "TLS";
    internal const string SourceSection = "As source";
    internal const string DestinationSection = "As destination";
    internal const string MessagesSection = "Messages";
    internal const string CloudEventsSection = "CloudEvents";

    private static DataflowEndpoint With(DataflowEndpoint endpoint, Func<BrokerSettings, BrokerSettings> change) =>
        endpoint with { Settings = change(endpoint.Settings!) };

    private static bool Uses<TAuthentication>(DataflowEndpoint endpoint)
        where TAuthentication : Authentication => endpoint.Settings?.Authentication is TAuthentication;

    private static T? From<TAuthentication, T>(DataflowEndpoint endpoint, Func<TAuthentication, T?> get)
        where TAuthentication : Authentication => endpoint.Settings?.Authentication is TAuthentication authentication ? get(authentication) : default;

    private static DataflowEndpoint Into<TAuthentication>(DataflowEndpoint endpoint, Func<TAuthentication, TAuthentication> change)
        where TAuthentication : Authentication => endpoint.Settings?.Authentication is TAuthentication authentication
            ? With(endpoint, settings => settings with { Authentication = change(authentication) })
            : endpoint;

    private static Func<EndpointKind, AzOption?> Az(string name, string? flagFor = null) => _ => new AzOption(name) { FlagFor = flagFor };

    /// <summary>What both families share: host and method on Basic, TLS on Advanced.</summary>
    private static IEnumerable<EndpointField> Common(Wire wire, bool basic)
    {
        var root = BrokerSettings.MemberOf(wire);
        return basic ? CommonBasic(wire, root) : CommonTls(root);
    }

    private static IEnumerable<EndpointField> CommonBasic(Wire wire, string root)
    {
        yield return new EndpointField<string>
        {
            Path = root + ".host",
            Label = "Host",
            Help = wire is Wire.Kafka
                ? "Host name and port of a bootstrap broker."
                : "Host name and port of the broker. With Protocol WebSockets a path may follow the port.",
            Tab = FieldTab.Basic,
            Section = EndpointSection,
            Example = wire is Wire.Kafka ? "kafka.example:9092" : "broker.example:8883",
            IsRequired = true,
            Rule = HostRules.Check,
            Get = endpoint => endpoint.Settings?.Host,
            Set = (endpoint, value) => With(endpoint, settings => settings with { Host = value }),
        };
        yield return new EndpointField<AuthenticationMethod?>
        {
            Path = root + ".authentication.method",
            Label = "Authentication method",
            Help = "How the endpoint signs in to the broker.",
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            Input = FieldInput.Choice,
            Choices = Choices(
                (AuthenticationMethod.SystemAssignedManagedIdentity, "System assigned managed identity", "Signs in as the identity of the Azure Arc extension. No secret is needed."),
                (AuthenticationMethod.UserAssignedManagedIdentity, "User assigned managed identity", "Signs in as an identity of yours through workload identity. No secret is needed."),
                (AuthenticationMethod.Sasl, "SASL", "Signs in with a user name and a password, or with an Event Hubs connection string."),
                (AuthenticationMethod.X509Certificate, "X509 certificate", "Signs in with a TLS client certificate. The broker must ask for one."),
                (AuthenticationMethod.ServiceAccountToken, "Service account token", "Signs in with a Kubernetes service account token of the given audience."),
                (AuthenticationMethod.Anonymous, "None", "No credentials are sent.")),
            Offers = (kind, value) => kind.AllMethods.Any(method => method.ToString() == value),
            IsRequired = true,
            Rule = MethodRules.Check,
            Get = endpoint => endpoint.Settings?.Authentication?.Method,
            Set = (endpoint, value) => endpoint.Settings?.Authentication?.Method == value ? endpoint
                : With(endpoint, settings => settings with { Authentication = value is null ? null : Authentication.Of(value.Value) }),
        };
    }

    private static IEnumerable<EndpointField> CommonTls(string root)
    {
        yield return new EndpointField<OperationalMode?>
        {
            Path = root + ".tls.mode",
            Label = "TLS mode enabled",
            Help = "Encrypts the connection and checks the broker's certificate and name.",
            Section = TlsSection,
            Input = FieldInput.Switch,
            Choices = OnOff,
            Default = nameof(OperationalMode.Enabled),
            Rule = TlsRules.Check,
            Az = kind => kind.RequiresTls ? null : new AzOption("--disable-tls") { FlagFor = nameof(OperationalMode.Disabled) },
            Get = endpoint => endpoint.Settings?.Tls.Mode,
            Set = (endpoint, value) => With(endpoint, settings => settings with { Tls = settings.Tls with { Mode = value } }),
        };
        yield return new EndpointField<string>
        {
            Path = root + ".tls.trustedCaCertificateConfigMapRef",
            Label = "Trusted CA certificate config map",
            Help = "Config map with the PEM certificates that the broker's certificate must lead to. Empty: the system's public roots.",
            Section = TlsSection,
            Input = FieldInput.ConfigMap,
            Example = "client-ca-configmap",
            Rule = ReferenceRules.CheckConfigMap,
            Az = kind => new AzOption("--config-map-ref") { WritesOtherwise = kind == EndpointKind.LocalMqtt ? kind.Preset.Tls.TrustedCaCertificateConfigMapRef : null },
            Get = endpoint => endpoint.Settings?.Tls.TrustedCaCertificateConfigMapRef,
            Set = (endpoint, value) => With(endpoint, settings => settings with { Tls = settings.Tls with { TrustedCaCertificateConfigMapRef = value } }),
        };
    }

    private static EndpointField<CloudEventAttributes?> CloudEvents(string root) => new()
    {
        Path = root + ".cloudEventAttributes",
        Label = "Cloud event attributes",
        Help = "Propagate passes complete CloudEvents attributes on. CreateOrRemap also generates the missing ones.",
        Section = CloudEventsSection,
        Input = FieldInput.Choice,
        Choices = Choices(
            (Endpoints.CloudEventAttributes.Propagate, "Propagate", "Complete CloudEvents pass through, anything else passes as it is."),
            (Endpoints.CloudEventAttributes.CreateOrRemap, "Create or remap", "Where a required attribute is missing, the missing ones are generated.")),
        Default = nameof(Endpoints.CloudEventAttributes.Propagate),
        Az = Az("--cloud-event-attribute"),
        Get = endpoint => endpoint.Settings?.CloudEventAttributes,
        Set = (endpoint, value) => With(endpoint, settings => settings with { CloudEventAttributes = value }),
    };
}
