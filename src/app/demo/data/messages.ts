/** What Orchardline told its customers in each incident: effect first, a number, no names of parts. */

export interface PublicWords {
  headline: string;
  /** Continues "Since 09:12 UTC …". */
  impact: string;
  known: string;
  unknown: string;
  doing: string;
  /** `none`: customers need not do anything. */
  action: string;
  over: string;
  /** Continues "From 09:12 to 09:42 UTC …". */
  was: string;
  apology: string;
}

export const publicWords: Record<number, PublicWords> = {
  1001: {
    headline: 'The order list opens slowly',
    impact: 'the order list takes up to 20 seconds to open for about 1 in 3 buyers. Ordering works as usual.',
    known: 'The delay is in the list of products, not in the orders themselves.',
    unknown: 'We do not know yet how long it takes to undo the last change.',
    doing: 'We are undoing the last change to the product search.',
    action: 'You can order by favourites, which open as usual.',
    over: 'The order list opens as usual',
    was: 'the order list took up to 20 seconds to open for about 1 in 3 buyers.',
    apology: 'We are sorry that your orders took longer this morning.',
  },
  1002: {
    headline: 'Notifications to your systems arrive late',
    impact: 'about 1 in 4 notifications to customer systems arrives up to 90 minutes late.',
    known: 'No notification is dropped; they wait in line.',
    unknown: 'We do not know yet when the line is empty.',
    doing: 'We are adding room for more notifications at the same time.',
    action: 'none',
    over: 'Notifications arrive in time again',
    was: 'about 1 in 4 notifications to customer systems arrived up to 90 minutes late.',
    apology: 'We are sorry that your systems heard late of your orders.',
  },
  1003: {
    headline: 'Card payments do not go through',
    impact: 'about 2 in 3 card payments do not go through. Orders on account work as usual.',
    known: 'The delay is in the card payment step.',
    unknown: 'We do not know yet how long it lasts, and whether some payments need to be checked.',
    doing: 'We have limited repeat attempts to protect you from double charges.',
    action: 'Please order on account if you can, and do not pay twice.',
    over: 'Card payments work as usual',
    was: 'about 2 in 3 card payments did not go through. Every open payment is checked.',
    apology: 'We are sorry: kitchens had to plan their day without a sure order.',
  },
  1004: {
    headline: 'Supplier prices are five hours old',
    impact: 'prices of 61 suppliers are those of last night. Orders are taken as usual.',
    known: 'New prices have arrived, and are not shown yet.',
    unknown: 'We do not know yet how many orders were placed at an old price.',
    doing: 'We are reading the waiting prices in, the largest suppliers first.',
    action: 'Please check prices of fresh goods before you order.',
    over: 'Supplier prices are up to date',
    was: 'prices of 61 suppliers were those of the night before.',
    apology: 'We are sorry that you had to check prices by hand.',
  },
  1005: {
    headline: 'Log-in e-mails do not arrive',
    impact: 'log-in e-mails do not arrive. About 380 buyers asked for one. Who is signed in stays signed in.',
    known: 'The mails are written and wait to be sent.',
    unknown: 'We do not know yet when the waiting mails are delivered.',
    doing: 'We are sending the waiting mails by another way.',
    action: 'Please sign in with your password if you have one.',
    over: 'Log-in e-mails arrive again',
    was: 'log-in e-mails did not arrive. About 380 buyers asked for one.',
    apology: 'We are sorry that you could not sign in when you wanted to order.',
  },
  1006: {
    headline: 'Orchardline can not be reached from parts of Europe',
    impact: 'about half of the requests from Europe are not answered.',
    known: 'The orders already placed are safe.',
    unknown: 'We do not know yet whether all places are affected alike.',
    doing: 'We are undoing the last change to how requests reach us.',
    action: 'none',
    over: 'Orchardline can be reached from everywhere',
    was: 'about half of the requests from Europe were not answered.',
    apology: 'We are sorry that you could not reach your orders at noon.',
  },
  1008: {
    headline: 'Orders can not be placed',
    impact: 'orders can not be placed or changed. All 310 customer companies are affected. Reading works as usual.',
    known: 'Orders placed before are safe and can be read.',
    unknown: 'We do not know yet how long the switch to the standby takes.',
    doing: 'We are switching to our standby system.',
    action: 'Please keep your order list open; you do not need to write it down elsewhere.',
    over: 'Orders can be placed again',
    was: 'orders could not be placed or changed. No confirmed order is missing: all were compared.',
    apology: 'We are sorry: this was the hour in which most of you order.',
  },
  1009: {
    headline: 'Card payments are slow',
    impact: 'about 1 in 3 card payments takes over 30 seconds or does not complete.',
    known: 'The delay is in the card payment step.',
    unknown: 'We do not know yet how long it lasts.',
    doing: 'We have limited repeat attempts and test a second payment route.',
    action: 'You do not need to pay again; confirmed orders are safe.',
    over: 'Card payments work as usual',
    was: 'about 1 in 3 card payments was slow or did not complete.',
    apology: 'We are sorry that your payments took so long.',
  },
  1010: {
    headline: 'Maps are missing in the driver app',
    impact: 'maps stay empty for about 3 in 4 drivers. Addresses and the order of stops work as usual.',
    known: 'Only the picture of the map is missing.',
    unknown: 'We do not know yet when the maps come back.',
    doing: 'We are showing directions as text instead.',
    action: 'Drivers can open an address in the map of their phone.',
    over: 'Maps are back in the driver app',
    was: 'maps stayed empty for about 3 in 4 drivers.',
    apology: 'We are sorry that your drivers had to look up their way.',
  },
  1011: {
    headline: 'Supplier prices are three hours old',
    impact: 'prices of 44 suppliers are those of last night. Orders are taken as usual.',
    known: 'New prices have arrived, and are not shown yet.',
    unknown: 'We do not know yet how many orders were placed at an old price.',
    doing: 'We are reading the waiting prices in, and hold offers that depend on them.',
    action: 'Please check prices of fresh goods before you order.',
    over: 'Supplier prices are up to date',
    was: 'prices of 44 suppliers were those of the night before.',
    apology: 'We are sorry that this happened a second time.',
  },
  1012: {
    headline: 'Partner systems can not connect',
    impact: 'systems of 17 partners can not connect. Orders in the shop work as usual.',
    known: 'An identity document of our own had run out.',
    unknown: 'We do not know yet whether every partner connects again by itself.',
    doing: 'We are putting a new one in place.',
    action: 'none',
    over: 'Partner systems connect again',
    was: 'systems of 17 partners could not connect.',
    apology: 'We are sorry that your systems had to wait.',
  },
  1013: {
    headline: 'Card payments are slow',
    impact: 'about 1 in 5 card payments takes over 30 seconds. Orders are confirmed at once and charged later.',
    known: 'Payments are moving to the second payment route.',
    unknown: 'We do not know yet when the usual route can be used again.',
    doing: 'We are sending part of the payments over the second route.',
    action: 'none',
    over: 'Card payments work as usual',
    was: 'about 1 in 5 card payments was slow. Orders were confirmed and cards were charged later, each once.',
    apology: 'We are sorry that some of you saw a waiting payment.',
  },
  1014: {
    headline: 'Some orders are refused',
    impact: 'about 1 in 8 orders is refused with a message to try again.',
    known: 'A refused order was not placed; a second try mostly works.',
    unknown: 'We do not know yet whether single customers are affected more.',
    doing: 'We are undoing the last change to the ordering step.',
    action: 'Please try again once if your order is refused.',
    over: 'Orders go through as usual',
    was: 'about 1 in 8 orders was refused with a message to try again.',
    apology: 'We are sorry that you had to order twice.',
  },
};
