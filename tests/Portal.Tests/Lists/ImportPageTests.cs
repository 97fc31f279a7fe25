using System.Text;
using System.Text.Json;
using Bunit;
using Microsoft.JSInterop;
using Portal.Components.Pages;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Lists;

/// <summary>The import page: what was pasted or dropped, its findings beside the text, what would change, and what was saved.</summary>
public sealed class ImportPageTests : ListsContext
{
    private const string Secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3-sasl\nstringData:\n  password: hunter2\n";

    private static string Yaml(string name, string host) => $"""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: {name}
        spec:
          endpointType: Mqtt
          mqttSettings:
            host: {host}
            authentication:
              method: Anonymous
              anonymousSettings: {"{}"}

        """;

    private async Task<IRenderedComponent<ImportPage>> ReadAsync(params (string Name, string Text)[] files)
    {
        var module = JSInterop.SetupModule("./js/import.js");
        module.Mode = JSRuntimeMode.Loose;
        module.Setup<IJSStreamReference?>("contents", _ => true).SetResult(files.Length == 0 ? null : new Contents(files));
        var page = Open<ImportPage>("/import");
        await ClickAsync(page, () => Button(page, Text.Import_Read));
        if (files.Length > 0)
            page.WaitForAssertion(() => Assert.False(Button(page, Text.Import_Other).HasAttribute("disabled")));
        return page;
    }

    [Fact]
    public async Task Documents_are_shown_as_new_identical_differing_and_refused()
    {
        Add(EndpointKind.CustomMqtt, "line4", "b:1883");
        Store.PutOutside((DataflowEndpoint)Model.Documents.Manifest.Read(Yaml("line3", "a:1883")).Resource!);
        var page = await ReadAsync(("one.yaml", Yaml("line3", "a:1883") + "---\n" + Yaml("line4", "c:1883")), ("two.yaml", Yaml("line5", "d:1883") + "---\n" + Yaml("line6", "''")));
        Assert.Equal(
            [("line3", Text.Import_StateSame), ("line4", Text.Import_StateDiffers), ("line5", Text.Import_StateNew), ("line6", Text.Import_StateRefused)],
            page.FindAll(".improw").Select(row => (row.QuerySelector(".two b")!.TextContent, row.QuerySelector(".st span:not(.vh)")!.TextContent)));
        Assert.Contains("4 documents in 2 files", page.Find("h1").TextContent);
        Assert.Contains("2 of 4 chosen", page.Find(".imphd").TextContent);
        // The first with a finding is open, beside its text.
        Assert.Contains("line6", page.Find(".impdet h2").TextContent);
        Assert.Contains("two.yaml", page.Find(".impcode h2").TextContent);

        await ClickAsync(page, () => page.FindAll(".impdoc")[1]);
        page.WaitForAssertion(() => Assert.Contains("c:1883", page.Find(".impdet .fields").TextContent));
        Assert.Contains("one.yaml", page.Find(".impcode h2").TextContent);
    }

    [Fact]
    public async Task The_same_name_in_two_files_is_refused_unless_it_says_the_same()
    {
        var page = await ReadAsync(("one.yaml", Yaml("line3", "a:1883") + "---\n" + Yaml("line4", "a:1883")), ("two.yaml", Yaml("line3", "a:1883") + "---\n" + Yaml("line4", "b:1883")));
        Assert.Equal([Text.Import_StateNew, Text.Import_StateNew, Text.Import_StateSame, Text.Import_StateRefused], page.FindAll(".improw .st span:not(.vh)").Select(state => state.TextContent));
    }

    [Fact]
    public async Task A_finding_leads_to_its_line()
    {
        var page = await ReadAsync(("one.yaml", "# first\n" + Yaml("line6", "''")));
        await ClickAsync(page, () => page.FindAll(".impf").First(button => button.TextContent.Contains("spec.mqttSettings.host", StringComparison.Ordinal)));
        page.WaitForAssertion(() => Assert.Contains("host: ''", page.Find(".impcode .ln.cur").TextContent));
        Assert.Contains("fe", page.Find(".impcode .ln.cur").ClassList);
    }

    [Fact]
    public async Task What_is_chosen_is_applied_and_nothing_else()
    {
        var page = await ReadAsync(("one.yaml", Yaml("line3", "a:1883") + "---\n" + Yaml("line4", "b:1883")));
        await ClickAsync(page, () => page.FindAll(".improw .cb")[0]);
        page.WaitForAssertion(() => Button(page, Text.Import_ApplyOne));
        await ClickAsync(page, () => Button(page, Text.Import_ApplyOne));
        await Wait.UntilHoldsAsync(() => Assert.Equal("b:1883", InStore("line4")?.Settings?.Host));
        Assert.Null(InStore("line3"));
        page.WaitForAssertion(() => Assert.Contains(Text.State_Applied, page.FindAll(".improw")[1].TextContent));
        Assert.Equal("line4 created by import", Assert.Single(Activity.Entries).Summary);
        Snackbars.WaitForAssertion(() => Assert.Contains(Text.Import_AppliedOne, Snackbars.Markup));
    }

    [Fact]
    public async Task What_somebody_changed_meanwhile_is_not_overwritten()
    {
        Add(EndpointKind.CustomMqtt, "line3", "a:1883");
        var page = await ReadAsync(("one.yaml", Yaml("line3", "b:1883")));
        Add(EndpointKind.CustomMqtt, "line3", "theirs:1883");
        await ClickAsync(page, () => Button(page, Text.Import_ApplyOne));
        page.WaitForAssertion(() => Assert.Contains(Text.Store_Conflict, page.Find(".impdet").TextContent));
        Assert.Equal("theirs:1883", InStore("line3")!.Settings!.Host);
    }

    [Fact]
    public async Task Values_of_a_secret_are_not_on_the_page_and_go_to_the_vault_only_when_chosen()
    {
        var page = await ReadAsync(("one.yaml", Yaml("line3", "a:1883") + "---\n" + Secret));
        Assert.DoesNotContain("hunter2", page.Markup);
        await ClickAsync(page, () => page.FindAll(".impdoc")[1]);
        page.WaitForAssertion(() => Assert.Contains("password", page.Find(".impdet").TextContent));
        Assert.DoesNotContain("hunter2", page.Markup);
        Assert.Equal("false", page.FindAll(".improw .cb")[1].GetAttribute("aria-checked"));
        await ClickAsync(page, () => page.FindAll(".improw .cb")[1]);
        page.WaitForAssertion(() => Button(page, Text.Import_Apply.With(2)));
        await ClickAsync(page, () => Button(page, Text.Import_Apply.With(2)));
        await Wait.UntilHoldsAsync(() => Assert.Equal("a:1883", InStore("line3")?.Settings?.Host));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".improw .st.ok").Count));
        Assert.Equal("line3-sasl-password", Assert.Single(await Secrets.ListVaultAsync(Ending)).Name);
        Assert.DoesNotContain("hunter2", page.Markup + string.Concat(Activity.Entries));
    }

    [Fact]
    public async Task Nothing_to_read_is_said()
    {
        var page = await ReadAsync();
        page.WaitForAssertion(() => Assert.Contains(Text.Import_Nothing, page.Find("[role=alert]").TextContent));
    }

    [Fact]
    public async Task A_text_that_cannot_be_read_leads_to_its_line()
    {
        var page = await ReadAsync(("broken.yaml", "kind: DataflowEndpoint\nmetadata: [\n"));
        Assert.NotEmpty(page.FindAll(".impf"));
        Assert.NotNull(page.Find(".impcode .code"));
    }

    [Theory]
    [InlineData("a: 1\n", "a: 1\n")]
    [InlineData(Secret, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3-sasl\nstringData:\n  \u2022\u2022\u2022\u2022\u2022\u2022\n")]
    [InlineData("a: 1\n---\nkind: \"Secret\"\ndata: {password: aHVudGVyMg==}\n---\nb: 2\n", "a: 1\n---\nkind: \"Secret\"\n\u2022\u2022\u2022\u2022\u2022\u2022\n---\nb: 2\n")]
    [InlineData("{\"kind\":\"Secret\",\"data\":{\"password\":\"aHVudGVyMg==\"}}", "\u2022\u2022\u2022\u2022\u2022\u2022")]
    [InlineData("kind: Secret\nstringData:\n  key: |\n    kind: x y\n    name: hunter2\n", "kind: Secret\nstringData:\n  \u2022\u2022\u2022\u2022\u2022\u2022\n    \u2022\u2022\u2022\u2022\u2022\u2022\n    \u2022\u2022\u2022\u2022\u2022\u2022\n")]
    public void Secrets_are_masked_line_by_line(string text, string shown) => Assert.Equal(shown, SecretMask.Apply(text, []));

    [Fact]
    public void A_very_long_line_is_cut_and_ends_are_those_of_any_system()
    {
        var text = new ImportText("x", "a\r\nb\n" + new string('c', 10_000));
        Assert.Equal((3, "a", "b", ImportText.MostOfLine + 2), (text.Numbers.Count, text.Line(1), text.Line(2), text.Line(3).Length));
    }

    /// <summary>Files as the browser streams them.</summary>
    private sealed class Contents((string Name, string Text)[] files) : IJSStreamReference
    {
        private readonly byte[] _bytes =
        [
            .. JsonSerializer.SerializeToUtf8Bytes(files.Select(file => new { name = file.Name, bytes = Encoding.UTF8.GetByteCount(file.Text) })),
            (byte)'\n', .. files.SelectMany(file => Encoding.UTF8.GetBytes(file.Text)),
        ];

        public long Length => _bytes.Length;

        public ValueTask<Stream> OpenReadStreamAsync(long maxAllowedSize = 512000, CancellationToken cancellationToken = default) =>
            maxAllowedSize < Length ? throw new ArgumentOutOfRangeException(nameof(maxAllowedSize)) : new ValueTask<Stream>(new MemoryStream(_bytes));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
