using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using Portal.Changes;
using Portal.Components.Import;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Resources;

namespace Portal.Components.Pages;

/// <summary>The import page: which document and which line is looked at; everything else is the session's.</summary>
public sealed partial class ImportPage : IDisposable
{
    private const int MostTextFindings = 5;

    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _upload;
    private ImportSession _session = null!;
    private ImportRow? _selected;
    private IReadOnlyDictionary<int, SourceText.Mark> _marks = new Dictionary<int, SourceText.Mark>();
    private int _text;
    private int? _line;
    private int _jump;
    private int _chosen;
    private bool _reading;
    private bool _reveal;
    private double _uploaded;

    [Inject] private Imports Imports { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    private bool Busy => _reading || _session.Phase is ImportPhase.Reading or ImportPhase.Applying;

    private string Title => _session.Texts is [var one]
        ? Text.Import_Title.With(Number(_session.Rows.Count), one.Name)
        : Text.Import_TitleFiles.With(Number(_session.Rows.Count), Number(_session.Texts.Count));

    private CodeLanguage Language => (_selected ?? _session.Rows.FirstOrDefault(row => row.Text == _text)) is { } row
        ? ImportWords.LanguageOf(row.Item.Document.Format)
        : CodeLanguage.Plain;

    private RenderFragment Progress => builder =>
    {
        if (!Busy)
            return;
        builder.OpenComponent<WaitNotice>(0);
        builder.AddAttribute(1, nameof(WaitNotice.What), _session.Phase switch
        {
            ImportPhase.Applying => Text.Import_Applying.With(Number(_session.Count)),
            ImportPhase.Reading => Text.Import_Reading.With(Number(_session.Count)),
            _ => Text.Import_Uploading,
        });
        builder.AddAttribute(2, nameof(WaitNotice.Done), (double?)(_session.Phase is ImportPhase.Applying or ImportPhase.Reading ? _session.Done : _uploaded));
        builder.AddAttribute(3, nameof(WaitNotice.OnCancel), EventCallback.Factory.Create(this, Cancel));
        builder.CloseComponent();
    };

    protected override void OnInitialized()
    {
        _session = new ImportSession(Imports, Clock);
        _session.Changed += Render;
    }

    public void Dispose()
    {
        _session.Changed -= Render;
        _session.Dispose();
        _left.Cancel();
        _left.Dispose();
        _upload?.Dispose();
    }

    private async Task ReadAsync(IJSStreamReference reference)
    {
        _upload = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        (_reading, _uploaded, _text, _selected) = (true, 0, 0, null);
        try
        {
            await using (reference)
            {
                await using var stream = await reference.OpenReadStreamAsync(ImportFiles.MostBytes + (1024 * 1024), _upload.Token);
                var files = await ImportFiles.ReadAsync(stream, reference.Length, Uploaded, _upload.Token);
                await _session.ReadAsync(files);
            }
        }
        catch (OperationCanceledException) when (_upload.IsCancellationRequested)
        {
            // Stopped by the user, or the page was left: nothing has begun yet.
        }
        finally
        {
            _reading = false;
        }
        if (_session.Phase is ImportPhase.Ready)
            Begin();
    }

    private void Uploaded(double share)
    {
        _uploaded = share;
        Render();
    }

    private void Begin()
    {
        Count();
        _line = null;
        var first = _session.Rows.FirstOrDefault(row => row.Findings.Any()) ?? (_session.Rows.Count > 0 ? _session.Rows[0] : null);
        _selected = null;
        if (first is not null)
            Select(first);
        else
            Show(_session.TextFindings is [var (text, finding), ..] ? text : 0, _session.TextFindings is [var (_, one), ..] ? one.Line : null);
    }

    private void Select(ImportRow row)
    {
        _selected = row;
        Show(row.Text, row.Item.Document.Line);
    }

    private void Show(int text, int? line, bool reveal = false)
    {
        (_text, _line, _reveal) = (text, line, reveal);
        _jump++;
        _marks = ImportWords.MarksOf(_session, text);
    }

    private void Count() => _chosen = _session.Chosen.Count();

    private void Cancel()
    {
        _upload?.Cancel();
        _session.Cancel();
    }

    private async Task ApplyAsync()
    {
        List<ImportRow> chosen = [.. _session.Chosen];
        await _session.ApplyAsync();
        Count();
        _marks = ImportWords.MarksOf(_session, _text);
        var (applied, failed) = (chosen.Count(row => row.IsApplied), chosen.Count(row => row.Problems.Count > 0));
        if (applied > 0)
            Snackbar.Add(applied == 1 ? Text.Import_AppliedOne : Text.Import_Applied.With(Number(applied)), Severity.Success);
        if (failed > 0)
            Snackbar.Add(failed == 1 ? Text.Import_FailedOne : Text.Import_Failed.With(Number(failed)), Severity.Error);
    }

    private void Render() => _ = InvokeAsync(StateHasChanged);

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
