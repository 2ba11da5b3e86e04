"""A small aiogram 3 bot, to show that the local Telegram serves clients that know nothing of it.

API_URL and TOKEN say where; with WEBHOOK_PORT it takes its updates by webhook on that loopback port, else by polling.
"""

import asyncio
import os

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

dispatcher = Dispatcher()
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Approve", callback_data="approve"),
            InlineKeyboardButton(text="Reject", callback_data="reject"),
        ]
    ]
)


@dispatcher.message(CommandStart())
async def start(message: Message, command: CommandObject) -> None:
    await message.answer(f"Hello <b>{message.from_user.first_name}</b> {command.args or ''}", parse_mode="HTML")


@dispatcher.message(Command("ask"))
async def ask(message: Message) -> None:
    await message.answer("How much?", reply_markup=ForceReply(input_field_placeholder="500"))


@dispatcher.message(F.reply_to_message.text == "How much?")
async def amount(message: Message) -> None:
    await message.answer(f"Add {message.text}?", reply_markup=KEYBOARD)


@dispatcher.message(F.photo)
async def photo(message: Message, bot: Bot) -> None:
    file = await bot.download(message.photo[-1])
    await message.answer_document(BufferedInputFile(file.read(), "receipt.jpg"), caption="kept")


@dispatcher.callback_query()
async def pressed(query: CallbackQuery) -> None:
    await query.answer(f"You chose {query.data}", show_alert=True)
    await query.message.edit_text(f"{query.message.text} {query.data}d")


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_URL"]))
    bot = Bot(os.environ["TOKEN"], session=session)
    await bot.set_my_commands(
        [BotCommand(command="ask", description="Ask for credit")], scope=BotCommandScopeAllPrivateChats()
    )
    port = os.environ.get("WEBHOOK_PORT")
    if port is None:
        await bot.delete_webhook()
        await dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False)
        return
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler
    from aiohttp import web

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="S-1").register(app, path="/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="S-1")
    await asyncio.Event().wait()


asyncio.run(main())
