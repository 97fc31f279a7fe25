using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Fields;

public sealed class FieldValueTests
{
    public static TheoryData<string, string, string> Valid { get; } = new(
        FieldRows.All.SelectMany((row, at) => row.Valid.Select(text => (at.ToString(), row.Path, text))));

    public static TheoryData<string, string, string, string> Invalid { get; } = new(
        FieldRows.All.SelectMany((row, at) => row.Invalid.Select(value => (at.ToString(), row.Path, value.Text, value.Code))));

    [Theory]
    [MemberData(nameof(Valid))]
    public void ARightValueBringsNoError(string at, string path, string text)
    {
        var (row, endpoint) = At(at);
        var set = row.Field.SetText(endpoint, text);
        Assert.Null(set.Problem);
        Assert.Equal(text.Length == 0 ? null : text, row.Field.GetText(set.Endpoint));
        Assert.DoesNotContain(ValidateFor(row, set.Endpoint), finding => finding.Severity is Severity.Error && finding.Path == "spec." + path);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void AWrongValueIsNamedAtItsFieldWithAFix(string at, string path, string text, string code)
    {
        var (row, endpoint) = At(at);
        var set = row.Field.SetText(endpoint, text);
        var finding = set.Problem ?? Assert.Single(ValidateFor(row, set.Endpoint), finding => finding.Severity is Severity.Error && finding.Path == "spec." + path);
        Assert.Equal((code, "spec." + path, Severity.Error), (finding.Code, finding.Path, finding.Severity));
        Assert.False(string.IsNullOrWhiteSpace(finding.Fix));
        if (set.Problem is not null)
            Assert.Same(endpoint, set.Endpoint);
    }

    [Fact]
    public void EveryFieldHasRows()
    {
        var fields = EndpointFields.Kafka.Concat(EndpointFields.Mqtt).Select(field => field.Path);
        var rows = FieldRows.All.Where(row => row.Valid.Length > 0 && row.Invalid.Length > 0).Select(row => row.Path).ToHashSet();
        Assert.Equal([], fields.Except(rows));
    }

    [Fact]
    public void EveryFieldIsDescribedForTheForm() => Assert.All(EndpointFields.Kafka.Concat(EndpointFields.Mqtt), field =>
    {
        Assert.False(string.IsNullOrWhiteSpace(field.Label), field.Path);
        Assert.EndsWith(".", field.Help.TrimEnd(), StringComparison.Ordinal);
        Assert.True(field.Default is null || field.SetText(Sample(field), field.Default).Problem is null, field.Path);
        Assert.True(field.Example is null || field.SetText(Sample(field), field.Example).Problem is null, field.Path);
        Assert.True(field.Input is not FieldInput.Choice and not FieldInput.Switch || field.Choices.Length > 1, field.Path);
        Assert.Equal(field.Input is FieldInput.Number, field.Unit is not null);
    });

    [Fact]
    public void EveryChoiceIsAValueThatTheFieldTakes() => Assert.All(EndpointFields.Kafka.Concat(EndpointFields.Mqtt), field =>
        Assert.All(field.Choices, choice => Assert.Equal(choice.Value, field.GetText(field.SetText(Sample(field), choice.Value).Endpoint))));

    [Fact]
    public void EveryValidEndpointIsValidAndOfItsKind() => Assert.All(ValidEndpoint.Cases, @case => Assert.All([@case.Basic, @case.Full], endpoint =>
    {
        Assert.DoesNotContain(EndpointValidator.Validate(endpoint), finding => finding.Severity is Severity.Error);
        Assert.Equal(@case.Kind, EndpointKind.Of(endpoint));
    }));

    [Fact]
    public void SettingAndClearingAFieldGivesBackTheEndpoint() => Assert.All(FieldRows.All, row =>
    {
        var endpoint = row.Field.Clear(row.Case.Basic);
        if (row.Field.Path.EndsWith(".method", StringComparison.Ordinal))
            return;
        var set = row.Field.SetText(endpoint, row.Valid.First(text => text.Length > 0)).Endpoint;
        Assert.Equal(endpoint, row.Field.Clear(set));
    });

    private static (FieldRow Row, DataflowEndpoint Endpoint) At(string at)
    {
        var row = FieldRows.All[int.Parse(at)];
        return (row, row.Path.EndsWith("partitionKeyProperty", StringComparison.Ordinal) ? row.Case.Full : row.Case.Basic);
    }

    private static IReadOnlyList<Finding> ValidateFor(FieldRow row, DataflowEndpoint endpoint) => EndpointValidator.Validate(endpoint, row.Case.Kind);

    private static DataflowEndpoint Sample(EndpointField field)
    {
        var wire = field.Path.StartsWith("kafka", StringComparison.Ordinal) ? Wire.Kafka : Wire.Mqtt;
        var method = Enum.GetValues<AuthenticationMethod>().FirstOrDefault(method => field.Path.Contains("." + Authentication.SettingsMemberOf(method) + "."));
        return ValidEndpoint.Of(wire is Wire.Kafka ? EndpointKind.CustomKafka : EndpointKind.CustomMqtt, method);
    }
}
