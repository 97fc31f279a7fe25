using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Api;

/// <summary>One problem of a document, as the API says it.</summary>
internal sealed record ApiError(string Path, string Code, string Message, string? Fix, int? Line = null, int? Column = null)
{
    public static ApiError From(Finding finding) => new(finding.Path, finding.Code, finding.Message, finding.Fix, finding.Line, finding.Column);
}

/// <summary>Answers in problem+json (RFC 9457), every problem at once.</summary>
internal static class ApiProblem
{
    public static IResult Invalid(IEnumerable<Finding> findings) => Wrong("The document is not valid", [.. findings.Where(finding => finding.Severity is Severity.Error)]);

    public static IResult Invalid(string path, string code, string message, string? fix = null) => Invalid([Finding.Error(code, path, message, fix)]);

    /// <summary>What was sent cannot be used: every error, with the field and the fix.</summary>
    public static IResult Wrong(string title, params Finding[] errors) => Results.Problem(
        title: title, statusCode: StatusCodes.Status400BadRequest,
        extensions: new Dictionary<string, object?> { ["errors"] = errors.Select(ApiError.From).ToList() });

    public static IResult NotFound(string what, string name) => Results.Problem(
        title: "Not found", detail: $"There is no {what} named '{name}'.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>The answer to a change that was not made.</summary>
    public static IResult From(StoreResult result) => result switch
    {
        StoreResult.Conflict { Current: null } => Results.Problem(
            title: "Conflict", detail: "The resource does not exist any more.", statusCode: StatusCodes.Status412PreconditionFailed),
        StoreResult.Conflict conflict => Results.Problem(
            title: "Conflict", detail: "Somebody else changed the resource. Read it again, merge your change, and send the new ETag.",
            statusCode: StatusCodes.Status412PreconditionFailed,
            extensions: new Dictionary<string, object?> { ["currentRevision"] = conflict.Current!.Revision }),
        StoreResult.Invalid invalid => Invalid(invalid.Findings),
        StoreResult.Owned owned => Results.Problem(
            title: "Other managers own fields of the resource", detail: "Give the fields up, or take them over with ?takeOver=true.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?> { ["owners"] = owned.Fields }),
        StoreResult.Denied denied => Results.Problem(title: denied.Message, detail: denied.Fix, statusCode: StatusCodes.Status409Conflict),
        StoreResult.Unavailable unavailable => Results.Problem(title: unavailable.Message, detail: unavailable.Fix, statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no problem."),
    };
}
