using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Documents.Export;
using Portal.Model.Endpoints;
using Portal.Model.Roles;
using Portal.Model.Tests.Documents;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>Everything that the tests ask the Bicep compiler, compiled in one run: a run takes seconds.</summary>
public sealed class BicepFixture : IAsyncLifetime
{
    private const int Sample = 60;

    /// <summary>The golden files, by their path without the end.</summary>
    public IReadOnlyList<string> Golden { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.TestProject, "Golden"), "*.bicep", SearchOption.AllDirectories).Select(path => path[..^".bicep".Length])];

    /// <summary>Every kind in every API version, then valid endpoints by chance in the newest.</summary>
    public IReadOnlyList<(string Name, DataflowEndpoint Endpoint, string Version)> Endpoints { get; } =
    [
        .. DocumentOptions.ApiVersions.SelectMany(version => EndpointKind.All.Select(kind =>
            ($"{kind.Id}@{version}", ValidEndpoint.Full(kind, kind.Methods[^1]) with { HostType = kind.HostType }, version))),
        .. Enumerable.Range(0, Sample).Select(at => ($"sample {at}", AnyEndpoint.Valid.Single(), DocumentOptions.ApiVersions[^1])),
    ];

    /// <summary>Texts that a string literal of Bicep must escape, and texts that a template may take for an expression.</summary>
    public IReadOnlyList<string> Texts { get; } =
        ["it's", "${a}", "\\${a}", "$${", "'''", "a\nb\r\n\tc", "bell\a\u0085\u2028\ufeff", "😀", "[a]", "[[a]]", "[fd00::1]:8883", "[a", "]", "[parameters('x')]", "//x", "/*x*/", ""];

    /// <summary>Both directions of both services.</summary>
    public IReadOnlyList<RoleNeed> Roles { get; } =
        [.. new[] { EndpointKind.EventHubs, EndpointKind.EventGrid }.SelectMany(kind => new[] { true, false }.Select(isSource => RoleNeed.Of(ValidEndpoint.Of(kind), isSource)!))];

    internal BicepResult Compiled { get; private set; } = null!;

    public static DataflowEndpoint WithText(string text) => EndpointKind.CustomMqtt.New("line3") with
    {
        Settings = new MqttSettings { Host = "broker.example:8883", Authentication = new Authentication.Anonymous(), ClientIdPrefix = text },
    };

    public async ValueTask InitializeAsync()
    {
        var files = Golden.ToDictionary(path => path, path => File.ReadAllText(path + ".bicep"));
        foreach (var (name, endpoint, version) in Endpoints)
            files[name] = EndpointDocuments.Write(endpoint, DocumentFormat.Bicep, new DocumentOptions { ApiVersion = version }).Text;
        foreach (var text in Texts)
            files["text " + text] = EndpointDocuments.Write(WithText(text), DocumentFormat.Bicep).Text;
        foreach (var (name, selection, version) in ExportSelections.All)
            files["export " + name] = ResourceExport.Write(selection, DocumentFormat.Bicep, new DocumentOptions { ApiVersion = version }).Text;
        foreach (var need in Roles)
            files["role " + need.Role.Name] = need.Bicep("9a1f0c7e-2b34-4c56-8d78-0e1f2a3b4c5d");
        files["wrong"] = EndpointDocuments.Write(ValidEndpoint.Of(EndpointKind.CustomMqtt), DocumentFormat.Bicep).Text.Replace("mqttSettings", "mqttSetting");
        Compiled = await BicepCompiler.CompileAsync(files, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
