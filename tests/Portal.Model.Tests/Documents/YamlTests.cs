using System.Text.Json.Nodes;
using CsCheck;
using Portal.Model.Documents;

namespace Portal.Model.Tests.Documents;

public sealed class YamlTests
{
    [Theory]
    [InlineData("broker.example:8883", "broker.example:8883")]
    [InlineData("6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a", "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a")]
    [InlineData("10.0.0.5:8883", "10.0.0.5:8883")]
    [InlineData("$ConnectionString", "$ConnectionString")]
    [InlineData("https://eventgrid.azure.net/.default", "https://eventgrid.azure.net/.default")]
    [InlineData("<ENDPOINT_NAME>", "<ENDPOINT_NAME>")]
    [InlineData("two words", "two words")]
    [InlineData("Grüße 日本 😀", "Grüße 日本 😀")]
    [InlineData("it's", "it's")]
    [InlineData("a#b", "a#b")]
    [InlineData("", "\"\"")]
    [InlineData("0123", "\"0123\"")]
    [InlineData("8883", "\"8883\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("1.5", "\"1.5\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("0o17", "\"0o17\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2024-11-01", "\"2024-11-01\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("False", "\"False\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("On", "\"On\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("key: value", "\"key: value\"")]
    [InlineData("ends with colon:", "\"ends with colon:\"")]
    [InlineData("a # comment", "\"a # comment\"")]
    [InlineData("- item", "\"- item\"")]
    [InlineData("[fd00::1]:8883", "\"[fd00::1]:8883\"")]
    [InlineData("@at", "\"@at\"")]
    [InlineData("%percent", "\"%percent\"")]
    [InlineData(" blank", "\" blank\"")]
    [InlineData("blank ", "\"blank \"")]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("\"quoted\" \\ back", "\"\\\"quoted\\\" \\\\ back\"")]
    [InlineData("bell\a", "\"bell\\u0007\"")]
    [InlineData("two\nlines", "|-\n  two\n  lines")]
    [InlineData("two\nlines\n", "|\n  two\n  lines")]
    [InlineData("two\n\n  lines\n\n", "|+\n  two\n\n    lines\n")]
    [InlineData(" leading\nblank", "\" leading\\nblank\"")]
    [InlineData("two\r\nlines", "\"two\\r\\nlines\"")]
    public void ATextIsQuotedOnlyWhereItMustBe(string value, string written)
    {
        var text = Yaml.Write(new JsonObject { ["a"] = value });
        Assert.Equal($"a: {written}\n", text);
        Assert.Equal(value, (string?)ReadOne(text)["a"]);
    }

    [Theory]
    [InlineData("8883", "8883")]
    [InlineData("-5", "-5")]
    [InlineData("+5", "5")]
    [InlineData("007", "7")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("18446744073709551617", "18446744073709551617")]
    [InlineData("1.50", "1.50")]
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    [InlineData("1e3", "1e3")]
    [InlineData("-.5", "-0.5")]
    [InlineData("5.", "5")]
    [InlineData("00.5e+2", "0.5e+2")]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("~", "null")]
    [InlineData("Null", "null")]
    [InlineData("", "null")]
    [InlineData("'8883'", "\"8883\"")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("'null'", "\"null\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("2024-11-01", "\"2024-11-01\"")]
    [InlineData("0o18", "\"0o18\"")]
    [InlineData("{}", "{}")]
    [InlineData("[1, '2', ~]", "[1,\"2\",null]")]
    [InlineData(">\n  folded\n  text", "\"folded text\"")]
    [InlineData("|2\n    x", "\"  x\"")]
    public void APlainScalarHasTheTypeOfTheCoreSchema(string written, string json) => Assert.Equal(json, ReadOne("a: " + written)["a"]?.ToJsonString() ?? "null");

    [Fact]
    public void BlockStyleIsStableAndIndentedByTwo()
    {
        var root = JsonNode.Parse("""{ "empty": {}, "none": [], "list": [1, { "a": true, "b": [[1], {}] }, "x\ny"], "null": null, "key with: colon": { "1": 1.50 } }""")!.AsObject();
        const string expected = """
            empty: {}
            none: []
            list:
              - 1
              - a: true
                b:
                  - - 1
                  - {}
              - |-
                x
                y
            "null": null
            "key with: colon":
              "1": 1.50

            """;
        Assert.Equal(expected, Yaml.Write(root));
        Assert.Equal(root.ToJsonString(), ReadOne(expected).ToJsonString());
    }

    [Theory]
    [InlineData("a:\n\tb: 1\n", "yaml-tab", 2, 1)]
    [InlineData("a:\n  b: 1\n \tc: 2\n", "yaml-tab", 3, 2)]
    [InlineData("\ta: 1\n", "yaml-tab", 1, 1)]
    [InlineData("a: 1\nb: 2\na: 3\n", "duplicate-member", 3, 1)]
    [InlineData("a:\n  b: 1\n  'b': 2\n", "duplicate-member", 3, 3)]
    [InlineData("a: &x 1\n", "yaml-anchor", 1, 4)]
    [InlineData("a: *x\n", "yaml-alias", 1, 4)]
    [InlineData("a: !!str 1\n", "yaml-tag", 1, 4)]
    [InlineData("a: !secret x\n", "yaml-tag", 1, 4)]
    [InlineData("a:\n  <<: {b: 1}\n", "yaml-merge", 2, 3)]
    [InlineData("? [a]\n: 1\n", "yaml-key", 1, 3)]
    [InlineData("a:\n  - 1\n - 2\n", "yaml-syntax", 3, 2)]
    [InlineData("a: b: c\n", "yaml-syntax", 1, 5)]
    [InlineData("a: @x\n", "yaml-syntax", 1, 4)]
    [InlineData("a: \"open\nb: 1\n", "yaml-syntax", 1, 4)]
    [InlineData("a: [1, 2\nb: 3\n", "yaml-syntax", 1, 5)]
    [InlineData("a: .inf\n", "not-a-number", 1, 4)]
    [InlineData("- a\n", "not-an-object", 1, 1)]
    [InlineData("just text\n", "not-an-object", 1, 1)]
    public void WhatIsNotTakenIsNamedWithLineAndColumn(string text, string code, int line, int column)
    {
        var read = Yaml.Read(text);
        var finding = Assert.Single(read.Findings);
        Assert.Equal((code, line, column), (finding.Code, finding.Line, finding.Column));
        Assert.False(string.IsNullOrWhiteSpace(finding.Fix));
        Assert.Empty(read.Documents);
    }

    [Fact]
    public void EveryDuplicateIsNamed() => Assert.Equal([2, 4], Yaml.Read("a: 1\na: 2\nb:\n  c: {d: 1, d: 2}\n").Findings.Select(finding => finding.Line));

    [Fact]
    public void DeepAndLongTextsAreRefused()
    {
        Assert.Equal("too-deep", Assert.Single(Yaml.Read("a: " + new string('[', 5000)).Findings).Code);
        Assert.Equal("too-deep", Assert.Single(Yaml.Read(string.Concat(Enumerable.Range(0, 200).Select(at => new string(' ', at) + "a:\n"))).Findings).Code);
        Assert.Equal("too-large", Assert.Single(Yaml.Read(new string('#', Yaml.MostCharacters + 1)).Findings).Code);
    }

    [Fact]
    public void SeveralDocumentsAreReadAndEmptyOnesSkipped()
    {
        var read = Yaml.Read("\ufeff# a comment\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n");
        Assert.Equal(["""{"a":1}""", """{"b":2}"""], read.Documents.Select(document => document.Root.ToJsonString()));
        Assert.Equal((7, 1), read.Documents[1].Positions.Find("b"));
    }

    [Fact]
    public void EveryMemberHasItsPosition()
    {
        var positions = Assert.Single(Yaml.Read("a:\n  b: 1\n  'c d': [x, {e: 2}]\n").Documents).Positions;
        Assert.Equal((1, 1), positions.Find("a"));
        Assert.Equal((2, 3), positions.Find("a.b"));
        Assert.Equal((3, 3), positions.Find("a.c d"));
        Assert.Equal((3, 11), positions.Find("a.c d[0]"));
        Assert.Equal((3, 15), positions.Find("a.c d[1].e"));
        Assert.Equal((1, 1), positions.Find("a.missing.below"));
        Assert.Equal((1, 1), positions.Find("missing"));
    }

    [Fact]
    public void NoTextMakesTheReaderThrow() => AnyEndpoint.Pick(
        "a", ": ", ":", "\n", "\n  ", "\n    ", "- ", "-", "[", "]", "{", "}", ", ", "'", "\"", "|", ">", "&a ", "*a", "!t ", "? ", "#", "%", "@", "---\n", "...\n", "\t", "1", "~", "<<", "\\", "\r", "\u0085", "é", "\0")
        .Array[0, 14].Select(string.Concat).Sample(
            text =>
            {
                Assert.All(Yaml.Read(text).Findings, finding => Assert.True(finding.Line >= 1 && finding.Column >= 1, finding.ToString()));
                Assert.All(Manifest.Read(text).Findings, finding => Assert.True(finding.Line >= 1 && finding.Column >= 1, finding.ToString()));
            },
            iter: 5000);

    private static JsonObject ReadOne(string text)
    {
        var read = Yaml.Read(text);
        Assert.Empty(read.Findings);
        return Assert.Single(read.Documents).Root;
    }
}
