using Portal.Changes;
using Portal.Model.Documents.Import;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What an import page is doing.</summary>
public enum ImportPhase { Empty, Reading, Ready, Applying }

/// <summary>One document of an import on the page.</summary>
public sealed class ImportRow(int text, ImportItem item)
{
    /// <summary>Which text it stands in.</summary>
    public int Text => text;

    public ImportItem Item { get; internal set; } = item;

    /// <summary>Secrets are chosen by a person, never by default.</summary>
    public bool IsChosen { get; internal set; } = item is { CanApply: true, IsSecret: false };

    public bool IsApplied { get; internal set; }

    /// <summary>Why it could not be saved.</summary>
    public IReadOnlyList<Finding> Problems { get; internal set; } = [];

    public IEnumerable<Finding> Findings => Item.Findings.Concat(Problems);
}

/// <summary>One import, without rendering: reads beside the page, keeps what is chosen, saves, and can be stopped at any time.</summary>
public sealed class ImportSession(Imports imports, TimeProvider clock) : IDisposable
{
    /// <summary>So often at most a page hears how far it is.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(150);

    private CancellationTokenSource? _running;
    private long _told;

    /// <summary>Raised on any thread when there is something new to show.</summary>
    public event Action? Changed;

    public ImportPhase Phase { get; private set; }

    public IReadOnlyList<ImportText> Texts { get; private set; } = [];

    public IReadOnlyList<ImportRow> Rows { get; private set; } = [];

    /// <summary>What is to be said of a text as a whole.</summary>
    public IReadOnlyList<(int Text, Finding Finding)> TextFindings { get; private set; } = [];

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Done { get; private set; }

    /// <summary>Documents read or saved so far.</summary>
    public int Count { get; private set; }

    public IEnumerable<ImportRow> Chosen => Rows.Where(row => row.IsChosen && row.Item.CanApply);

    /// <summary>Reads the texts and compares each document with what is stored. After <see cref="Cancel"/> everything is as before.</summary>
    public async Task ReadAsync(IReadOnlyList<ImportFile> files)
    {
        var before = Phase;
        var token = Begin(ImportPhase.Reading);
        try
        {
            var results = await Task.Run(() => Read(files, token), token);
            var texts = await Task.Run(() => files.Zip(results, Shown).ToList(), token);
            var items = await Task.Run(() => imports.CompareAsync([.. results.SelectMany(result => result.Documents)], token), token);
            var owners = results.SelectMany((result, at) => result.Documents.Select(_ => at));
            (Texts, Rows) = (texts, [.. owners.Zip(items, (text, item) => new ImportRow(text, item))]);
            TextFindings = [.. results.SelectMany((result, at) => result.Findings.Select(finding => (at, finding)))];
            End(ImportPhase.Ready);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            End(before);
        }
        catch
        {
            End(before);
            throw;
        }
    }

    /// <summary>Saves the chosen documents one by one. Stopped in the middle, what was saved stays saved and the rest stays chosen.</summary>
    public async Task ApplyAsync()
    {
        List<ImportRow> chosen = [.. Chosen.OrderBy(row => Imports.OrderOf(row.Item))];
        var token = Begin(ImportPhase.Applying);
        try
        {
            await Task.Run(() => SaveAsync(chosen, token), CancellationToken.None);
        }
        finally
        {
            End(ImportPhase.Ready);
        }
        var items = await Task.Run(() => imports.CompareAsync([.. Rows.Select(row => row.Item.Document)]));
        foreach (var (row, item) in Rows.Zip(items))
        {
            row.Item = item;
            row.IsChosen &= item.CanApply;
        }
        Changed?.Invoke();
    }

    public void Choose(ImportRow row, bool on) => row.IsChosen = on && row.Item.CanApply;

    /// <summary>All that may be saved, but no secrets; or none.</summary>
    public void ChooseAll(IEnumerable<ImportRow> rows, bool on)
    {
        foreach (var row in rows.Where(row => !on || !row.Item.IsSecret))
            Choose(row, on);
    }

    public void Cancel() => _running?.Cancel();

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        (Phase, Texts, Rows, TextFindings) = (ImportPhase.Empty, [], [], []);
        Changed?.Invoke();
    }

    public void Dispose()
    {
        _running?.Cancel();
        _running?.Dispose();
    }

    private CancellationToken Begin(ImportPhase phase)
    {
        _running?.Dispose();
        _running = new CancellationTokenSource();
        (Phase, Done, Count, _told) = (phase, 0, 0, clock.GetTimestamp());
        Changed?.Invoke();
        return _running.Token;
    }

    private void End(ImportPhase phase)
    {
        Phase = phase;
        Changed?.Invoke();
    }

    private List<ImportResult> Read(IReadOnlyList<ImportFile> files, CancellationToken token)
    {
        var (all, done, count) = (Math.Max(files.Sum(file => (long)file.Content.Length), 1), 0L, 0);
        var results = new List<ImportResult>(files.Count);
        foreach (var file in files)
        {
            var (start, read) = (done, count);
            var result = Importer.Read(file.Content, progress: new Listener(step => Tell((start + step.Characters) / (double)all, read + step.Documents)), cancellationToken: token);
            results.Add(result);
            (done, count) = (done + file.Content.Length, count + result.Documents.Count);
        }
        return results;
    }

    private static ImportText Shown(ImportFile file, ImportResult result) =>
        new(file.Name, SecretMask.Apply(file.Content, result.Documents.Where(document => document.Secret is not null || document.Kind == "Secret").Select(document => document.Line)));

    private async Task SaveAsync(List<ImportRow> chosen, CancellationToken token)
    {
        foreach (var (number, row) in chosen.Index())
        {
            if (token.IsCancellationRequested)
                return;
            // A document that has been begun is finished: whole or not at all.
            row.Problems = await imports.ApplyAsync(row.Item, CancellationToken.None);
            (row.IsApplied, row.IsChosen) = (row.Problems.Count == 0, row.Problems.Count > 0);
            Tell((number + 1) / (double)chosen.Count, number + 1);
        }
    }

    private void Tell(double done, int count)
    {
        (Done, Count) = (done, count);
        if (clock.GetElapsedTime(_told) < Breath)
            return;
        _told = clock.GetTimestamp();
        Changed?.Invoke();
    }

    private sealed class Listener(Action<ImportProgress> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(value);
    }
}
