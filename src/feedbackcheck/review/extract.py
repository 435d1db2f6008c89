"""From a decoded body to the message that is analysed, through the readers of ``feedbackcheck.sources``."""

from __future__ import annotations

from dataclasses import replace

from feedbackcheck.message import Context, Message
from feedbackcheck.review.reading import Body

__all__ = ["message_of"]


def message_of(body: Body, context: Context) -> Message:
    """The message of a body: tags, quoted history and footers left out, soft line breaks joined.

    Raises:
        SourceError: there is no text in it, it is broken, or it is longer than any letter.
    """
    from feedbackcheck.sources import not_endless
    from feedbackcheck.sources.finish import finish
    from feedbackcheck.sources.mail import Body as MailBody
    from feedbackcheck.sources.mail import as_mail, draft_of_body

    draft = draft_of_body(
        MailBody(body.text, body.form, body.part or "", flowed=body.flowed, delsp=body.delsp)
    )
    message = finish(as_mail(draft, {}, "eml"), known={"context": context})
    return not_endless(replace(message, part=body.part, path=None))
