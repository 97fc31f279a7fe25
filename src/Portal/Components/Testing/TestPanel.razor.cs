using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;
using Portal.Changes;
using Portal.Components.Shared;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Testing;

public sealed partial class TestPanel(
    ConnectionTests tests, SecretChanges changes, IConfigMapStore configMaps, IDialogService dialogs, ISnackbar snackbar, TimeProvider time, IOptions<TestOptions> limits) : IDisposable
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private readonly TestOptionsOfPage _options = new();
    private IReadOnlyList<StageResult> _stages = [];
    private EndpointTests _kept = EndpointTests.None;
    private TestReport? _report;
    private DataflowEndpoint? _tested;
    private CancellationTokenSource? _running;
    private ITimer? _ticks;
    private bool _changedSince;
    private bool _testedDraft;
    private int _seconds;
    private int _run;

    /// <summary>The endpoint as it is in the form.</summary>
    [Parameter, EditorRequired] public DataflowEndpoint Endpoint { get; set; } = null!;

    [Parameter, EditorRequired] public EndpointKind Kind { get; set; } = null!;

    /// <summary>True when the form differs from what is stored.</summary>
    [Parameter] public bool IsDraft { get; set; }

    /// <summary>Gets the name of the config map to set as trusted CA.</summary>
    [Parameter] public EventCallback<string> OnTrustCa { get; set; }

    /// <summary>Goes to the field of the trusted CA.</summary>
    [Parameter] public EventCallback OnChooseConfigMap { get; set; }

    private bool IsRunning => _running is not null;

    private bool CanTrust => OnTrustCa.HasDelegate && Endpoint.Settings is not null && configMaps.Hidden is null;

    private TimeSpan Limit => limits.Value.TimeLimit;

    private string? Policy => _report?.Stages.FirstOrDefault(stage => stage.Stage is TestStage.Tcp)?.Evidence["policy"]?.ToString();

    /// <summary>What differs from the last green run, when the run that is shown failed.</summary>
    private IReadOnlyList<string>? Changes =>
        _report is { Outcome: TestOutcome.Failed } && _kept.Green is { } green ? TestComparison.Changes(green, _report) : null;

    private string CaName => $"{(Endpoint.Name.Length > 0 ? Endpoint.Name : Kind.Id)}-ca";

    protected override async Task OnInitializedAsync()
    {
        _kept = await tests.KeptAsync(Endpoint.Name);
        if (IsDraft || IsRunning || _report is not null || _kept.Last is not { } last)
            return;
        (_report, _stages, _tested) = (last, last.Stages, Endpoint);
    }

    protected override void OnParametersSet() => _changedSince = _tested is not null && !_tested.Equals(Endpoint);

    private Task RunAsync() => RunAsync(Endpoint, IsDraft);

    private async Task RunAsync(DataflowEndpoint endpoint, bool isDraft)
    {
        if (IsRunning)
            return;
        using var running = _running = new CancellationTokenSource();
        (_stages, _report, _tested, _testedDraft, _changedSince, _seconds) = ([], null, endpoint, isDraft, false, 0);
        _run++;
        await using var ticks = _ticks = time.CreateTimer(_ => _ = InvokeAsync(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        try
        {
            _report = await tests.RunAsync(_options.RequestFor(endpoint, Kind), Show, running.Token);
            _stages = _report.Stages;
            _kept = await tests.KeptAsync(endpoint.Name);
        }
        finally
        {
            _running = null;
            _ticks = null;
        }
    }

    // The tester calls from any thread, in order; a stage that comes after its run ended is not shown.
    private void Show(StageResult stage)
    {
        var run = _run;
        _ = InvokeAsync(() =>
        {
            if (run != _run || _report is not null)
                return;
            _stages = [.. _stages, stage];
            StateHasChanged();
        });
    }

    private void Tick()
    {
        _seconds++;
        StateHasChanged();
    }

    private void Cancel() => _running?.Cancel();

    private string AsJson() => TestReportJson.ToJson(_report!).ToJsonString(_indented);

    private async Task TrustAsync(string pem)
    {
        var name = CaName;
        var fingerprint = CaFingerprint.Of(pem);
        RenderFragment details = builder =>
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "mono fp");
            builder.AddContent(2, fingerprint);
            builder.CloseElement();
        };
        if (!await ConfirmDialog.AskAsync(dialogs, Text.Trust_Title, Text.Trust_Message.With(name), Text.Trust_Action, details: details))
            return;
        var data = new Dictionary<string, string>((await configMaps.FindAsync(name))?.Data ?? new Dictionary<string, string>());
        if (!data.Values.Any(file => file.Contains(pem.Trim(), StringComparison.Ordinal)))
            data[CaFingerprint.File] = data.TryGetValue(CaFingerprint.File, out var known) ? $"{known.TrimEnd()}\n{pem.Trim()}\n" : pem.Trim() + "\n";
        if (StoreWords.Problem(await changes.SaveConfigMapAsync(new ConfigMap(name, data))) is { } problem)
        {
            snackbar.Add(problem, Severity.Error);
            return;
        }
        await OnTrustCa.InvokeAsync(name);
        snackbar.Add(Text.Trust_Done.With(name), Severity.Success);
        var settings = Endpoint.Settings!;
        await RunAsync(Endpoint with { Settings = settings with { Tls = settings.Tls with { TrustedCaCertificateConfigMapRef = name } } }, isDraft: true);
    }

    public void Dispose()
    {
        _running?.Cancel();
        _ticks?.Dispose();
    }
}
