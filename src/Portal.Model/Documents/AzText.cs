using System.Text;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>
/// The Azure CLI command that makes the endpoint: <c>create</c> where it has an option for everything that is set, else <c>apply</c>
/// with the JSON. The commands that go with it follow as comments, so that running the text makes one thing only.
/// </summary>
internal static class AzText
{
    private const string Group = "az iot ops dataflow endpoint";

    public static DocumentText Write(DataflowEndpoint endpoint, DocumentOptions options)
    {
        var form = AzureForm.Of(endpoint, options);
        var kind = options.Kind ?? EndpointKind.Of(endpoint);
        var create = AzCreate.Of(endpoint, kind);
        var notes = form.Notes.ToList();
        var text = new StringBuilder();
        string[] resource =
        [
            "--name " + Shell.Quote(AzureForm.NameOf(endpoint)),
            "--instance " + Shell.Quote(options.Instance),
            "--resource-group " + Shell.Quote(options.ResourceGroup),
        ];
        if (create.Obstacles.Count == 0)
        {
            text.Append(Shell.Command($"{Group} create {kind!.Id}", resource.Concat(create.Options))).Append('\n');
            // What the command has no word for is said by the command itself.
            notes.RemoveAll(note => note.Code == "not-in-azure" && note.Path.StartsWith("spec.", StringComparison.Ordinal));
            if (create.DefaultsNote is { } defaults)
                notes.Add(defaults);
        }
        else
        {
            var file = Shell.Quote(EndpointDocuments.FileName(endpoint, DocumentFormat.Arm));
            text.Append("cat > ").Append(file).Append(" <<'EOF'\n").Append(JsonText.Indented(form.Properties)).Append("\nEOF\n")
                .Append(Shell.Command(Group + " apply", resource.Append("--config-file " + file))).Append('\n');
            notes.Add(Finding.Info("az-apply", "", "The command create cannot say all of this endpoint, so apply takes it from a file: " + string.Join("; ", create.Obstacles) + "."));
        }
        foreach (var block in AzCompanions.Of(endpoint, kind, options))
            text.Append('\n').Append(Shell.Comment(block)).Append('\n');
        return new DocumentText(text.ToString(), notes);
    }
}

/// <summary>The options of <c>create</c>, or why it cannot say the endpoint.</summary>
internal sealed record AzCreate(IReadOnlyList<string> Options, IReadOnlyList<string> Obstacles, Finding? DefaultsNote)
{
    private const string EventHubsHost = ".servicebus.windows.net";

    public static AzCreate Of(DataflowEndpoint endpoint, EndpointKind? kind)
    {
        if (endpoint.Settings is not { } settings || kind is null)
            return new([], [$"it has no kind for the type {endpoint.EndpointType}"], null);
        var options = new List<string>();
        var obstacles = new List<string>();
        if (endpoint.HostType is not null)
            obstacles.Add("it has no option for hostType");
        if (HasUnknownMembers(endpoint))
            obstacles.Add("the endpoint has members that it does not know");
        AddHost(settings, kind, options, obstacles);
        AddMethod(settings, kind, options, obstacles);
        foreach (var field in EndpointFields.For(endpoint).Where(field => field.Path != settings.Member + ".host" && field.Path != settings.Member + ".authentication.method"))
            AddField(field, endpoint, kind, options, obstacles);
        var defaults = settings is MqttSettings { SessionExpirySeconds: null }
            ? Finding.Info("az-defaults", "spec.mqttSettings.sessionExpirySeconds", "The command writes its own defaults for what is not set here; for the session expiry that is 3600 s.")
            : null;
        return new(options, obstacles, defaults);
    }

    private static void AddField(EndpointField field, DataflowEndpoint endpoint, EndpointKind kind, List<string> options, List<string> obstacles)
    {
        var text = field.GetText(endpoint);
        var option = field.Az(kind);
        if (text is null)
        {
            if (option?.WritesOtherwise is { } written)
                obstacles.Add($"without {option.Name} it writes {written}");
            else if (field.IsRequired && option is not null && field.AppliesTo(endpoint))
                options.Add(option.Name + " " + Shell.Quote(Placeholder(field.Label)));
        }
        else if (option is null)
        {
            if (text != field.Default)
                obstacles.Add($"it has no option for {field.Path} {text}");
        }
        else if (option.FlagFor is null)
            options.Add(option.Name + " " + Shell.Quote(text));
        else if (option.FlagFor == text)
            options.Add(option.Name);
    }

    private static void AddHost(BrokerSettings settings, EndpointKind kind, List<string> options, List<string> obstacles)
    {
        var host = settings.Host ?? "";
        var colon = host.LastIndexOf(':');
        var (name, port) = colon < 0 ? (host, "") : (host[..colon], host[(colon + 1)..]);
        if (kind == EndpointKind.LocalMqtt && settings.Host is null)
            obstacles.Add("it needs a host");
        else if (host.Contains('/', StringComparison.Ordinal))
            obstacles.Add("it has no option for the path of the host");
        else if (kind != EndpointKind.EventHubs)
            options.AddRange(["--hostname " + Shell.Quote(OrPlaceholder(name, "Hostname")), "--port " + Shell.Quote(OrPlaceholder(port, "Port"))]);
        else if (host.Length == 0)
            options.Add("--eventhub-namespace " + Shell.Quote(Placeholder("Event Hubs namespace")));
        else if (port == "9093" && name.EndsWith(EventHubsHost, StringComparison.Ordinal))
            options.Add("--eventhub-namespace " + Shell.Quote(name[..^EventHubsHost.Length]));
        else
            obstacles.Add($"it writes the host <namespace>{EventHubsHost}:9093, not {host}");
    }

    private static void AddMethod(BrokerSettings settings, EndpointKind kind, List<string> options, List<string> obstacles)
    {
        var method = settings.Authentication?.Method;
        if (method is null)
            options.Add("--auth-type " + Shell.Quote(Placeholder("Authentication method")));
        else if (!kind.Methods.Contains(method.Value))
            obstacles.Add($"it does not take the method {method} for {kind.Id}");
        else
            options.Add(method is AuthenticationMethod.Anonymous ? "--no-auth" : "--auth-type " + method);
    }

    /// <summary>True when what was kept from a file holds more in its spec than the record says.</summary>
    private static bool HasUnknownMembers(DataflowEndpoint endpoint)
    {
        if (endpoint.Kept is null)
            return false;
        var known = JsonLeaves.Of(ResourceJson.Write(endpoint with { Kept = null })).Select(leaf => leaf.Path).ToHashSet();
        return JsonLeaves.Of(ResourceJson.Write(endpoint)).Any(leaf => leaf.Path.StartsWith("spec.", StringComparison.Ordinal) && !leaf.IsEmpty && !known.Contains(leaf.Path));
    }

    private static string OrPlaceholder(string text, string label) => text.Length == 0 ? Placeholder(label) : text;

    private static string Placeholder(string label) => "<" + label.ToUpperInvariant().Replace(' ', '_') + ">";
}
