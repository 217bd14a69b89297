"""Words for channels, accounts, chats and sites, and their prepositions."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

CHANNELS: Final = parse_entries("""
channel=telegram
    both: telegram, tele, tg, tlgrm, telegrm, telgram, tgram, telegramnya, telegrem, tel3gram, tele-in, telein
channel=whatsapp
    both: whatsapp, wa, whatsap, whatapp, whatsup, whats app, wasap, watsap, watsapp, wasapp, wapp,
        whatsappnya, w.a, wa-nya, wanya, wa-in, wain, wa-kan, di-wa
channel=slack  both: slack, slek, slacknya
channel=discord  both: discord, diskord, discordnya
channel=email  id: surel, imel, emel, emailnya  both: email, e-mail, emails, mail, gmail, inbox email
weak_channel=ntfy  both: ntfy, ntfy.sh
weak_channel=webhook  both: webhook, webhooks, web hook, webhooknya
channel=sandbox  both: sandbox, kotak pasir, sanbox
foreign=other
    both: instagram, ig, insta, tiktok, tik tok, facebook, fb, twitter, x.com, signal, sms, linkedin, youtube,
        messenger, wechat, microsoft teams, ms teams, teams, viber, threads, skype, zoom, shopee, tokopedia,
        lazada, snapchat, mastodon, reddit, pinterest, google chat, bluesky, matrix, mattermost, kakaotalk,
        imessage, line messenger, bukalapak, gojek, grab, pager, pagerduty, push notification, rocket.chat
weak_foreign=line  both: line, matrix, teams, signal, threads, grab, x
account
    id: akun, akunnya, akn, akub, akum, aku n, akun2, akun-akun, akun bot
    en: account, accounts, acc, accs, acct, acount, accout, accnt, acounts, account id, account named,
        account called, accunt, bot account, user account
bot  both: bot, bots, botnya
chat
    id: grup, grop, grp, kanal, saluran, ruang, nomor, nomer, nmr, obrolan, penerima, kontak, grupnya,
        nomer hp, nomor hp, chat id, id chat, chatid, alamat
    en: group, chatroom, room, recipient, contact, number, phone number, address, group chat, chat group,
        channel id, phone, server
    both: chat, channel, channels, chanel, channle, chanell, chats, no hp, chnl, thread
chat_number  both: no, nope, id, hp, dm
toward  id: ke, kepada, kpd, buat ke, k, kepd  en: to, towards, toward
via
    id: lewat, melalui, lwt, di, pada, pakai, pake, pke, dgn, dengan, menggunakan, dr, dari, lewt
    en: on, by, using, through, over, in, with, from, at
    both: via, per
site
    id: situs, situsnya, laman, halaman, tautan, websitenya, webnya, peladen, domain, link, alamat web,
        toko online
    en: site, website, page, web page, webpage, endpoint, api, server, web, host, homepage, service, app,
        sites, websites, web site, the url, urls, landing page, web app
    both: url, http, https, web
notify
    id: kabari, kabarin, kabarkan, dikabari, ngabarin, kasih tau, kasi tau, kasih tahu, kasi tahu, kasitau,
        kasihtau, beri tahu, beritahu, beri tau, beritau, beritahukan, memberi tahu, beri kabar, kasih kabar,
        notif, notifin, notifkan, notifikasi, notifikasinya, notifnya, kirim notifikasi, kirim alarm,
        kbrin,
        alarmnya, peringatkan, peringatan, kirim peringatan, lapor, laporin, laporkan, infokan, infoin, info,
        infonya, hubungi, hubungin, tembak ke, kasih info, beri info, wartakan, kabar, kabrin, kbari, kbarin,
        ksh tau, ksh tahu, kirim kabar, teriak ke, kirim notif ke, beri peringatan, kasih peringatan, bilang,
        bilang ke, bilangin, kasih notif, beri notifikasi, alarm ke, colek
    en: notify, notifies, notification, notifications, alert, alerts, let me know, let us know,
        let the team know, tell, warn, inform, send an alert, send alert, send alerts, send a notification,
        raise an alarm, alarm, page, give a shout, message me, text me, drop me a line, send a warning,
        notify me, shout, call, alert me, notifying, alerting, reach, contact, message, alrt, alret, allert,
        notfy, nitfy, ntfy, notifiy, nofity
""")
